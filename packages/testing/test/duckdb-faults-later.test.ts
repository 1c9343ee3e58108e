import { testSchedules } from "./schedules.js";

testSchedules({ on: "duckdb", first: 210, end: 420, together: 15 });
