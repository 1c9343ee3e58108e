import { testKills } from "./test-kills.js";

testKills({
  on: "files",
  scenarios: ["append", "append in epochs", "several sources", "replace", "refresh"],
  times: 8,
  kills: 60,
});
