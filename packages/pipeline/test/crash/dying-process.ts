import { argv, kill, pid } from "node:process";
import { machineIn } from "../machine.js";
import { type ScenarioName, scenarios } from "./scenarios.js";

// Runs a scenario and kills its own process when a named point is reached for the given time.
const [name, folder = "", point, times = "1"] = argv.slice(2);
let reachedTimes = 0;
const machine = machineIn(folder);
await scenarios[name as ScenarioName].run(machine, {
  ...machine.runtime,
  reached: (reached) => {
    if (reached === point && ++reachedTimes === Number(times)) kill(pid, "SIGKILL");
  },
});
// How often loading begins depends on how many epochs have come to wait for it: after fewer times, the last one is over here.
if (reachedTimes > 0) kill(pid, "SIGKILL");
