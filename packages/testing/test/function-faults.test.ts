import { testSchedules } from "./schedules.js";

testSchedules({ on: "function", first: 0, end: 40, together: 20 });
