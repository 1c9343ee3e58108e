import { postgres } from "@dlt/destination-postgres";
import { testKills } from "./test-kills.js";

testKills({ on: "postgres", capabilities: postgres({}).capabilities, times: 3, kills: 60 });
