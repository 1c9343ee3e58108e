import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { systemErrorCode } from "./storage-error.js";

/**
 * Makes a folder and those above it; one that exists stays. Unlike `mkdir` with `recursive`, which reports a read-only file
 * system as a missing file, it throws the error that the system gave.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((second: unknown) => {
      if (systemErrorCode(second) !== "EEXIST") throw second;
    });
  }
}
