import { execFile } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import { newMachine } from "./new-machine.js";

const packageFolder = join(import.meta.dirname, "..");

/** An application that loads enough rows for threads. */
const application = (database: string) => `
  import { duckdb } from "@dlt/destination-duckdb";
  import { pipeline } from "./src/index.js";
  const rows = Array.from({ length: 40_000 }, (_, id) => ({ id, text: "some text that takes its room ".repeat(3) }));
  pipeline({ pipelineName: "bundled", destination: duckdb({ credentials: ${JSON.stringify(database)} }), datasetName: "data" })
    .run(rows, { tableName: "rows", workers: 2, writeDisposition: "replace" });
`;

const requireOfModule = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

async function bundle(
  input: Pick<BuildOptions, "stdin" | "entryPoints">,
  options: { readonly outfile: string; readonly format: "esm" | "cjs" },
): Promise<void> {
  await build({
    ...input,
    ...options,
    bundle: true,
    platform: "node",
    target: "node20",
    conditions: ["@dlt/source"],
    external: ["@duckdb/node-api"],
    // Packages in CommonJS ask for `require`, which an ES module has to be given.
    ...(options.format === "esm" && { banner: { js: requireOfModule } }),
    logLevel: "error",
  });
}

test("a bundled application loads, with threads when their file is beside it", { timeout: 60_000 }, async () => {
  const { folder, database, query } = await newMachine();
  await symlink(join(packageFolder, "node_modules"), join(folder, "node_modules"));
  const run = async (file: string) => {
    const env = { ...process.env, DLT_DATA_DIR: join(folder, "dlt"), NODE_OPTIONS: "" };
    return (await promisify(execFile)(process.execPath, [join(folder, file)], { cwd: folder, env })).stderr;
  };
  for (const [file, format] of [
    ["application.mjs", "esm"],
    ["application.cjs", "cjs"],
  ] as const) {
    const stdin = { contents: application(database), resolveDir: packageFolder };
    await bundle({ stdin }, { outfile: join(folder, file), format });
    expect(await run(file)).toContain("normalize.worker.mjs");
    expect(await query("SELECT count(*) AS rows FROM rows")).toEqual([{ rows: 40_000 }]);
  }
  const entryPoints = [join(packageFolder, "src/normalize/normalize.worker.ts")];
  await bundle({ entryPoints }, { outfile: join(folder, "normalize.worker.mjs"), format: "esm" });
  expect(await run("application.mjs")).toBe("");
  expect(await query("SELECT count(*) AS rows FROM rows")).toEqual([{ rows: 40_000 }]);
});
