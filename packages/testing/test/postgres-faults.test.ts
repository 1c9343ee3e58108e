import { testSchedules } from "./schedules.js";

testSchedules({ on: "postgres", first: 0, end: 30, together: 10 });
