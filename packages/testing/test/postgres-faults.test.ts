import { testSchedules } from "./schedules.js";

testSchedules({ on: "postgres", first: 0, end: 20, together: 10 });
