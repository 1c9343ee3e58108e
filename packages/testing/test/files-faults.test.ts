import { testSchedules } from "./schedules.js";

testSchedules({ on: "files", first: 0, end: 50, together: 10 });
