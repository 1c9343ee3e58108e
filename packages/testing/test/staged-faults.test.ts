import { testSchedules } from "./schedules.js";

testSchedules({ on: "staged", first: 0, end: 39, together: 13 });
