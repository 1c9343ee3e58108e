import { duckdb } from "@dlt/destination-duckdb";
import { testKills } from "./test-kills.js";

testKills({ on: "duckdb", capabilities: duckdb({}).capabilities, times: 5, kills: 90 });
