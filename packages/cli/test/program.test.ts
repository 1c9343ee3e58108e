import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newProject } from "./project.js";

test("a program that fails says where, without a stack unless it is asked for", async () => {
  const { dlt, write } = await newProject();
  await write(
    "fails.ts",
    "const rows: number[] = [];\nconst first: number | undefined = rows[0];\nfirst!.toFixed();\n",
  );
  const failed = await dlt(["pipeline", "fails.ts", "run"]);
  expect(failed).toEqual({
    code: 1,
    out: "",
    err: expect.stringMatching(
      /^Error CLI:PROGRAM_FAILED: `fails\.ts` failed at fails\.ts:3:\d+: TypeError: Cannot read properties of undefined[^]*--debug/,
    ),
  });
  expect(failed.err).not.toMatch(/^\s+at /m);
  const debugged = await dlt(["--debug", "pipeline", "fails.ts", "run"]);
  expect(debugged.err).toMatch(/Caused by: TypeError: .*\n\s+at [^\n]*fails\.ts:3/);
});

test("what a program starts without waiting for it is waited for, and its own exit code is kept", async () => {
  const { dlt, folder, write } = await newProject();
  await write(
    "main.mjs",
    `import { pipeline } from "@dlt/pipeline";
async function main() {
  const p = pipeline({ pipelineName: "shop", destination: "duckdb", datasetName: "data" });
  const info = await p.run([{ id: 1 }], { tableName: "orders" });
  console.log("loaded", info.loadsIds.length);
  process.exitCode = 3;
}
void main();`,
  );
  const ran = await dlt(["pipeline", "main.mjs", "run", "--json", "--profile", "run.json"]);
  expect([ran.code, ran.err]).toEqual([3, "loaded 1\n"]);
  expect(JSON.parse(ran.out)).toMatchObject([
    { pipeline: { pipeline_name: "shop" }, load_packages: [{ state: "loaded" }] },
  ]);

  const profile = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as { traceEvents: { name: string }[] };
  expect(profile.traceEvents.map(({ name }) => name)).toEqual(expect.arrayContaining(["extract", "normalize", "load"]));

  await write("later.mjs", "setTimeout(() => { throw new Error('too late'); }, 10);");
  expect(await dlt(["pipeline", "later.mjs", "run"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("failed at later.mjs:1:26: Error: too late"),
  });
  await write("nothing.mjs", "export {};");
  expect(await dlt(["pipeline", "nothing.mjs", "run"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("no pipeline ran"),
  });
  expect(await dlt(["plan", "nothing.mjs"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("CLI:PROGRAM_WITHOUT_RUN"),
  });
});

test("a plan changes nothing: calls that would are refused, and what was planned before is shown", async () => {
  const { dlt, write } = await newProject();
  await write(
    "more.ts",
    `import { pipeline } from "@dlt/pipeline";
const p = pipeline({ pipelineName: "shop", destination: "duckdb", datasetName: "data" });
await p.run([{ id: 1 }], { tableName: "orders" });
await p.drop({ dataset: true });`,
  );
  const planned = await dlt(["plan", "more.ts", "--json"]);
  expect(planned).toMatchObject({ code: 1, err: expect.stringMatching(/^Error PIPELINE_DRY_RUN_ONLY: /) });
  expect(JSON.parse(planned.out)).toMatchObject([{ table_rows: [{ name: "orders", row_count: 1 }] }]);
});

test("a run that is interrupted ends with the code that says it can be continued", async () => {
  const { dlt, write } = await newProject();
  await write(
    "endless.ts",
    `import { pipeline, resource } from "@dlt/pipeline";
const ticks = resource({ name: "ticks" }, async function* ({ signal }) {
  for (let id = 0; ; id++) {
    yield [{ id }];
    console.log("tick");
    await new Promise((settle) => { const timer = setTimeout(settle, 60_000); signal.addEventListener("abort", () => { clearTimeout(timer); settle(null); }); });
  }
});
await pipeline({ pipelineName: "ticks", destination: "duckdb", datasetName: "data" }).run(ticks);`,
  );
  const stopped = await dlt(["pipeline", "endless.ts", "run"], {
    onText: (text, stop) => {
      if (text === "tick\n") stop("SIGINT");
    },
  });
  expect(stopped).toMatchObject({ code: 75, out: "tick\n", err: expect.stringMatching(/^Error PIPELINE_STOPPED: /) });
});

test("what is no program is refused, and so is one without the library, or with an older one", async () => {
  const { dlt, write, folder } = await newProject();
  const missing = await dlt(["pipeline", "none.ts", "run"]);
  expect(missing).toMatchObject({ code: 1, err: expect.stringContaining("CLI:PROGRAM_NOT_FOUND") });
  await write("program.js", "export {};");
  await rm(join(folder, "node_modules"), { recursive: true });
  const alone = await dlt(["pipeline", "program.js", "run"]);
  expect(alone).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /^Error CLI:PIPELINE_NOT_INSTALLED: `@dlt\/pipeline` is not installed where `[^`]*program\.js` is\.\nInstall it in the folder of the program: npm install @dlt\/pipeline\n/,
    ),
  });
  // Of a version in which nothing could be followed yet.
  const old = "node_modules/@dlt/pipeline";
  await write(`${old}/package.json`, '{ "name": "@dlt/pipeline", "type": "module", "exports": "./index.js" }');
  await write(`${old}/index.js`, "export {};");
  const outdated = await dlt(["pipeline", "program.js", "run"]);
  expect(outdated).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /^Error CLI:PIPELINE_NOT_INSTALLED: The `@dlt\/pipeline` of the program is older than this command\.\nInstall the same version of/,
    ),
  });
});
