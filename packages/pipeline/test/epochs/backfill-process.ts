import { argv, kill, pid } from "node:process";
import { machineIn } from "../machine.js";
import { backfill, everyRows } from "./backfill.js";

// Runs the backfill and sends its own process a signal when a page is fetched; prints how the run ended.
const [folder = "", signal, page = "0"] = argv.slice(2);
const events = backfill(folder, async (fetched) => {
  if (fetched !== Number(page)) return;
  kill(pid, signal as NodeJS.Signals);
  // The signal arrives in a later turn.
  await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
});
const info = await machineIn(folder).pipeline().run(events, { checkpoint: { everyRows } });
console.log(JSON.stringify({ canBeContinued: info.canBeContinued, stoppedBy: info.stoppedBy }));
