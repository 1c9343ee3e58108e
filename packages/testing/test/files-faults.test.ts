import { testSchedules } from "./schedules.js";

testSchedules({ on: "files", first: 0, end: 340, together: 20 });
