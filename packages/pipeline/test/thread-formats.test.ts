import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle, linkPackages, packageFolder } from "./bundle.js";
import { newMachine } from "./new-machine.js";

/**
 * An application that loads enough rows for threads, in a format that its destination brings, and prints the size of each load file and
 * how often the main thread encoded. A table of a built-in format comes first.
 */
const application = `
  import { stat } from "node:fs/promises";
  import { destination } from "@dlt/core";
  import { postgres } from "@dlt/destination-postgres";
  import { pipeline, resource } from "./src/index.js";
  const [pgcopy] = postgres().fileFormats;
  let encoded = 0;
  const counted = { ...pgcopy, encode: (...given) => { encoded += 1; return pgcopy.encode(...given); } };
  const sizes = {};
  const made = destination({
    name: "sizes",
    capabilities: { ...postgres().capabilities, preferredFileFormat: "pgcopy", fileFormats: ["pgcopy", "csv"] },
    config: {},
    fileFormats: [counted],
    connect: async () => ({
      displayLocation: "sizes",
      prepare: async () => [],
      explain: async () => [],
      createJob: ({ jobId, table, rowCount, bytes, at }) => ({
        id: jobId,
        async run() {
          if (!table.name.startsWith("_dlt")) sizes[table.name] = (await stat(at.path)).size;
          return { rowCount, bytes };
        },
      }),
      completeLoad: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  });
  const rowsOf = (first) => Array.from({ length: 5_000 }, (_, id) => ({ id: first + id, text: "some text that takes its room ".repeat(90) }));
  const resources = [
    resource({ name: "first", fileFormat: "csv" }, () => rowsOf(0)),
    resource({ name: "second" }, async function* () { for (const first of [5_000, 10_000, 15_000]) yield rowsOf(first); }),
  ];
  const workers = Number(process.argv[2]);
  pipeline({ pipelineName: "formats", destination: made(), datasetName: "data" }).run(resources, { workers }).then(() => {
    console.log(JSON.stringify({ encoded, sizes }));
  });
`;

interface Outcome {
  readonly encoded: number;
  readonly sizes: Readonly<Record<string, number>>;
  readonly warning: string;
}

test("threads encode a format that a destination brings, from the module that it names", async () => {
  const { folder } = await newMachine();
  await linkPackages(folder);
  const file = join(folder, "application.mjs");
  await bundle({ stdin: { contents: application, resolveDir: packageFolder } }, { outfile: file, format: "esm" });
  const modules = {
    "normalize.worker": join(packageFolder, "src/normalize/normalize.worker.ts"),
    "pgcopy.worker": join(packageFolder, "../postgres-copy/src/pgcopy.worker.ts"),
  };
  for (const [name, source] of Object.entries(modules))
    await bundle({ entryPoints: [source] }, { outfile: join(folder, `${name}.mjs`), format: "esm" });
  const run = async (workers: number): Promise<Outcome> => {
    const env = { ...process.env, DLT_DATA_DIR: join(folder, `dlt ${workers}`), NODE_OPTIONS: "" };
    await rm(env.DLT_DATA_DIR, { recursive: true, force: true });
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, String(workers)], {
      cwd: folder,
      env,
    });
    return { ...(JSON.parse(stdout) as Omit<Outcome, "warning">), warning: stderr };
  };

  const alone = await run(1);
  expect(alone).toMatchObject({ sizes: { first: expect.any(Number), second: expect.any(Number) }, warning: "" });
  const { encoded, sizes } = alone;
  const withThreads = await run(2);
  expect(withThreads).toMatchObject({ sizes, warning: "" });
  expect(withThreads.encoded).toBeLessThan(encoded);

  await rm(join(folder, "pgcopy.worker.mjs"));
  const without = await run(2);
  expect(without).toMatchObject({ encoded, sizes });
  expect(without.warning).toContain("Copy node_modules/@dlt/postgres-copy/dist/pgcopy.worker.js");
});
