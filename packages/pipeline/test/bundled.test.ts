import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle, linkPackages, packageFolder } from "./bundle.js";
import { newMachine } from "./new-machine.js";

/** An application that loads enough rows for threads. */
const application = (database: string) => `
  import { duckdb } from "@dlt/destination-duckdb";
  import { pipeline } from "./src/index.js";
  const rows = Array.from({ length: 8_000 }, (_, id) => ({ id, text: "some text that takes its room ".repeat(150) }));
  pipeline({ pipelineName: "bundled", destination: duckdb({ credentials: ${JSON.stringify(database)} }), datasetName: "data" })
    .run(rows, { tableName: "rows", workers: 2, writeDisposition: "replace" });
`;

test("a bundled application loads, with threads when their file is beside it", { timeout: 60_000 }, async () => {
  const { folder, database, query } = await newMachine();
  await linkPackages(folder);
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
    expect(await query("SELECT count(*) AS rows FROM rows")).toEqual([{ rows: 8_000 }]);
  }
  const entryPoints = [join(packageFolder, "src/normalize/normalize.worker.ts")];
  await bundle({ entryPoints }, { outfile: join(folder, "normalize.worker.mjs"), format: "esm" });
  expect(await run("application.mjs")).toBe("");
  expect(await query("SELECT count(*) AS rows FROM rows")).toEqual([{ rows: 8_000 }]);
});
