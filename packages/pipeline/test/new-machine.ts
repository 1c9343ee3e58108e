import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Machine, type MachineOptions, machineIn } from "./machine.js";

/** Makes a machine whose folders go when the test ends. */
export async function newMachine(options: MachineOptions = {}): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-pipeline-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return machineIn(folder, options);
}
