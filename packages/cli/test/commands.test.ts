import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newProject } from "./project.js";

test("version and help", async () => {
  const { dlt } = await newProject();
  expect(await dlt(["--version"])).toEqual({ code: 0, out: expect.stringMatching(/^dlt \d+\.\d+\.\d+\n$/), err: "" });
  const help = await dlt(["--help"]);
  expect(help).toMatchObject({ code: 0, err: "" });
  expect(help.out).toContain("Exit codes: 0 done, 1 failed, 75 stopped and can be continued.");
  expect(help.out).toContain("there is no telemetry");
  expect((await dlt(["pipeline", "shop", "drop", "--help"])).out).toContain(
    "Usage: dlt pipeline <name> drop [options] [resources...]",
  );
  const typo = await dlt(["pipline"]);
  expect(typo).toMatchObject({ code: 1, out: "", err: expect.stringContaining("Did you mean pipeline?") });
  const operation = await dlt(["pipeline", "shop", "inf"]);
  expect(operation).toMatchObject({ code: 1, err: expect.stringContaining("Did you mean info?") });
});

test("the version is there before a person has waited: in less than three times what Node itself takes", () => {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const took = (args: readonly string[]): number => {
    const begun = performance.now();
    spawnSync(process.execPath, args);
    return performance.now() - begun;
  };
  const floor: number[] = [];
  const version: number[] = [];
  for (let round = 0; round < 5; round++) {
    floor.push(took(["-e", "0"]));
    version.push(took([main, "--version"]));
  }
  // 40 ms, and 80 ms, on a machine that has nothing else to do. The shortest are those that were disturbed least.
  expect(Math.min(...version) / Math.min(...floor)).toBeLessThan(3);
});

test("codes of errors are explained, those of the library and of the command", async () => {
  const { dlt } = await newProject();
  const busy = await dlt(["explain", "pipeline_busy"]);
  expect(busy).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^PIPELINE_BUSY: Another process works on this pipeline\n\n/),
  });
  expect(JSON.parse((await dlt(["explain", "CLI:DECLINED", "--json"])).out)).toMatchObject({ code: "CLI:DECLINED" });
  const typo = await dlt(["explain", "CONFIG_FILD_MISSING"]);
  expect(typo).toMatchObject({ code: 1, err: expect.stringContaining("Did you mean CONFIG_FIELD_MISSING?") });
  expect(typo.err).toContain("CLI:CODE_UNKNOWN");
  expect((await dlt(["explain", "--list"])).out).toMatch(
    /^CONFIG_FIELD_MISSING +A setting that is needed was not found$/m,
  );
});

test("codes of connectors are explained where a project depends on them", async () => {
  const { dlt, write } = await newProject();
  await write(
    "package.json",
    '{ "type": "module", "dependencies": { "dlt-source-acme": "1", "dlt-source-gone": "1" } }',
  );
  await write(
    "node_modules/dlt-source-acme/package.json",
    '{ "type": "module", "exports": { "import": "./index.js" } }',
  );
  await write(
    "node_modules/dlt-source-acme/index.js",
    `import { registerErrors } from "@dlt/core";
     registerErrors("ACME", { QUOTA_EXCEEDED: { title: "The quota is used up", explanation: "It begins anew at midnight." } });`,
  );
  expect(await dlt(["explain", "acme:quota_exceeded"])).toMatchObject({
    code: 0,
    out: "ACME:QUOTA_EXCEEDED: The quota is used up\n\nIt begins anew at midnight.\n",
  });
  expect((await dlt(["explain", "--list"])).out).toContain("ACME:QUOTA_EXCEEDED");
  const unknown = await dlt(["explain", "ACME:QUOTA"]);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringMatching(/ACME:QUOTA_EXCEEDED/)]);
  expect(unknown.err).toContain("dlt-source-gone could not be asked");
});

test("the doctor tries a destination, and says what to do about each thing that fails", async () => {
  const { dlt, write } = await newProject();
  const well = await dlt(["doctor", "duckdb", "--json"]);
  expect([well.code, well.err]).toEqual([0, ""]);
  const checks = JSON.parse(well.out) as readonly { readonly check: string; readonly result: string }[];
  expect(checks.map(({ check, result }) => [check, result])).toEqual([
    ["Node.js", "ok"],
    ["Folder of pipelines", "ok"],
    ["Folder of local databases and files", "ok"],
    ["Destination", "ok"],
    ["Settings and connection", "ok"],
    ["Clock", "ok"],
    ["Privileges", "ok"],
  ]);
  const none = await dlt(["doctor"]);
  expect(none).toMatchObject({ code: 1, err: "" });
  expect(none.out).toContain(
    "FAILED   Destination: none was named, and none is configured\n         Fix: Name one, e.g. `dlt doctor duckdb`",
  );
  const missing = await dlt(["doctor", "no_such"]);
  expect(missing.out).toContain("Fix: Add it: npm install @dlt/destination-no-such");
  await write(".dlt/config.toml", "[broken\n");
  const broken = await dlt(["doctor", "duckdb"]);
  expect(broken.out).toContain("config.toml` is not valid TOML at line 1");
});

test("completion asks the command what may follow", async () => {
  const { dlt } = await newProject();
  await dlt(["load", "-", "--table", "events"], { input: '{"id":1}' });
  const words = async (...typed: string[]) =>
    (await dlt(["completion", "words", "--", ...typed])).out.trim().split("\n");
  expect(await words("pi")).toEqual(["pipeline"]);
  expect(await words("pipeline", "")).toEqual(["events"]);
  expect(await words("pipeline", "events", "dr")).toEqual(["drop-pending-packages", "drop"]);
  expect(await words("pipeline", "events", "drop", "--st")).toEqual(["--state-paths", "--state-only"]);
  for (const shell of ["bash", "zsh", "fish"])
    expect((await dlt(["completion", shell])).out).toContain("dlt completion words --");
});
