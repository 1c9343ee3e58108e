import { argv, kill, pid } from "node:process";
import { machineIn } from "../machine.js";
import { type ScenarioName, scenarios } from "./scenarios.js";

// Runs a scenario and kills its own process when a named point is reached for the given time.
const [name, folder = "", point, times = "1"] = argv.slice(2);
let left = Number(times);
const machine = machineIn(folder);
await scenarios[name as ScenarioName].run(machine, {
  ...machine.runtime,
  reached: (reached) => {
    if (reached === point && --left === 0) kill(pid, "SIGKILL");
  },
});
