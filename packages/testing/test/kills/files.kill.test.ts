import { filesystem } from "@dlt/destination-filesystem";
import { testKills } from "./test-kills.js";

testKills({ on: "files", capabilities: filesystem({}).capabilities, times: 8, kills: 60 });
