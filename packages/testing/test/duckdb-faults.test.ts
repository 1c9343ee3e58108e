import { testSchedules } from "./schedules.js";

testSchedules({ on: "duckdb", first: 0, end: 210, together: 15 });
