import { testSchedules } from "./schedules.js";

testSchedules({ on: "duckdb", first: 0, end: 100, together: 10 });
