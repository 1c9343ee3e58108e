import { testSchedules } from "./schedules.js";

testSchedules({ on: "duckdb", first: 135, end: 270, together: 15 });
