// A process that claims the pipeline in the folder it is given: `hold` keeps it until killed, `race <turns>` takes
// turns.
import { appendFileSync, closeSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stdin } from "node:process";
import { defaultRuntime } from "../../src/runtime.js";
import { claimPipeline } from "../../src/workspace/claims.js";

const [folder = "", mode, turns] = process.argv.slice(2);
const options = { folder, pipelineName: "shop", runtime: defaultRuntime() };

if (mode === "hold") {
  await claimPipeline(options);
  console.log("held");
  stdin.resume();
} else {
  console.log("ready");
  for await (const _go of stdin);
  for (let turn = 0; turn < Number(turns); turn++) await takeTurn();
}

/** Fails when another process is inside: `wx` opens no file that exists. */
async function takeTurn(): Promise<void> {
  await using claim = await claimPipeline({ ...options, waitMs: 100_000 });
  const inside = join(folder, "inside");
  closeSync(openSync(inside, "wx"));
  await claim.assertHeld();
  appendFileSync(join(folder, "turns"), `${process.pid}\n`);
  rmSync(inside);
}
