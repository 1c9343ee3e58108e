import { testSchedules } from "./schedules.js";

testSchedules({ on: "duckdb", first: 0, end: 135, together: 15 });
