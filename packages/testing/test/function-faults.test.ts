import { testSchedules } from "./schedules.js";

testSchedules({ on: "function", first: 0, end: 20, together: 10 });
