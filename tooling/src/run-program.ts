import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { repositoryRoot } from "./workspace.js";

const requireOfModule = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/**
 * Runs a TypeScript program on the sources of the packages, in `folder`, where it also keeps its data. It is bundled there before: a
 * process that compiles all modules by itself takes eight times the CPU time.
 * @returns what it prints
 * @throws Error when it does not end well
 */
export async function runProgram(program: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(program, ".ts")}.mjs`);
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@dlt/source"],
    // The driver is native, and needs its own files.
    external: ["@duckdb/node-api", "pg-native"],
    // Programs read files beside them.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(program).href) },
    banner: { js: requireOfModule },
    logLevel: "error",
  });
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) await symlink(join(repositoryRoot, "tooling/node_modules"), modules);
  const env = { ...process.env, DLT_DATA_DIR: join(folder, "data"), NODE_OPTIONS: "" };
  const { stdout } = await promisify(execFile)(process.execPath, [outfile], { cwd: folder, env });
  return stdout;
}
