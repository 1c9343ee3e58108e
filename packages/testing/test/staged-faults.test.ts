import { testSchedules } from "./schedules.js";

testSchedules({ on: "staged", first: 0, end: 20, together: 10 });
