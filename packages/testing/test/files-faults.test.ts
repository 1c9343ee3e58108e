import { testSchedules } from "./schedules.js";

testSchedules({ on: "files", first: 0, end: 200, together: 20 });
