import { faultScenarios } from "../../src/index.js";
import { testKills } from "./test-kills.js";

testKills({ on: "postgres", scenarios: faultScenarios.map(({ name }) => name), times: 3, kills: 60 });
