import { faultScenarios } from "../../src/index.js";
import { testKills } from "./test-kills.js";

testKills({ on: "duckdb", scenarios: faultScenarios.map(({ name }) => name), times: 4, kills: 90 });
