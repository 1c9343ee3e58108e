import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Machine, type MachineOptions, machineIn } from "./machine.js";

/** Makes a machine whose folders, which are in `root`, go when the test ends. */
export async function newMachine({
  root = tmpdir(),
  ...options
}: MachineOptions & { readonly root?: string } = {}): Promise<Machine> {
  const folder = await mkdtemp(join(root, "dlt-pipeline-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return machineIn(folder, options);
}
