import { argv, kill, pid } from "node:process";
import { machineIn } from "../machine.js";
import { runScenario } from "./crash-scenario.js";

// Runs the scenario and kills its own process when a named point is reached for the given time.
const [folder = "", point, times = "1"] = argv.slice(2);
let left = Number(times);
const { runtime } = machineIn(folder);
await runScenario(folder, {
  ...runtime,
  reached: (reached) => {
    if (reached === point && --left === 0) kill(pid, "SIGKILL");
  },
});
