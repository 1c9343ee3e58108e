import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { repositoryRoot } from "./workspace.js";

/**
 * Runs a TypeScript program on the sources of the packages, in `folder`, where it also keeps its data.
 * @returns what it prints
 * @throws Error when it does not end well
 */
export async function runProgram(program: string, folder: string): Promise<string> {
  const tsx = pathToFileURL(createRequire(join(repositoryRoot, "package.json")).resolve("tsx"));
  const args = ["--conditions=@dlt/source", `--import=${tsx}`, program];
  const env = { ...process.env, DLT_DATA_DIR: join(folder, "data"), NODE_OPTIONS: "" };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  return stdout;
}
