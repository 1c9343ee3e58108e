import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listPipelines } from "@dlt/pipeline";
import type { Cli } from "../cli.js";
import { type Check, failed, passed } from "./check.js";

/** The oldest version that works, as the packages say in `engines`. */
const oldestNode = [20, 19] as const;

export function checkNode(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return passed("Node.js", version);
  const needed = oldestNode.join(".");
  return {
    check: "Node.js",
    result: "failed",
    detail: `${version} is too old`,
    fix: `Install Node.js ${needed} or later.`,
  };
}

/** Working folders of pipelines are kept there. */
export async function checkDataFolder(pipelinesDir: string | undefined): Promise<Check> {
  const check = "Folder of pipelines";
  try {
    const { pipelinesDir: folder, pipelines } = await listPipelines(pipelinesDir === undefined ? {} : { pipelinesDir });
    const problem = await writeProblem(folder);
    if (problem === null) return passed(check, `${folder} can be written; ${pipelines.length} pipelines`);
    return { check, result: "failed", detail: problem, fix: "Set DLT_DATA_DIR to a folder that can be written." };
  } catch (error) {
    return failed(check, error);
  }
}

/** Files of local destinations, such as DuckDB, are written there unless they have an absolute path. */
export async function checkLocalFolder({ terminal }: Cli): Promise<Check> {
  const check = "Folder of local databases and files";
  const folder = terminal.env["DLT_LOCAL_DIR"] || terminal.cwd;
  const problem = await writeProblem(folder);
  if (problem === null) return passed(check, `${folder} can be written`);
  return {
    check,
    result: "failed",
    detail: problem,
    fix: "Run in another folder, or set DLT_LOCAL_DIR to one that can be written.",
  };
}

async function writeProblem(folder: string): Promise<string | null> {
  const probe = join(folder, `.dlt-${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, "", { flag: "wx" });
    return null;
  } catch (error) {
    return `${folder} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  } finally {
    await rm(probe, { force: true });
  }
}
