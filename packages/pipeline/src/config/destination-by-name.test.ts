import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "./config-context.js";
import { destinationByName } from "./destination-by-name.js";

let folder: string;
let cwd: string;
let mainScript: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "by-name-")));
  cwd = join(folder, "work");
  mainScript = join(folder, "app", "main.js");
  await mkdir(cwd);
  await mkdir(join(folder, "app"));
  await writeFile(mainScript, "");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function byName(
  name: string,
  env: Readonly<Record<string, string>> = {},
  types: { readonly type?: string; readonly defaultType?: string } = {},
) {
  const runtime = { env: { HOME: folder, ...env }, cwd };
  const config = loadConfig(runtime);
  return destinationByName(name, { runtime, config, given: { credentials: "x" }, mainScript, ...types });
}

/** Installs a package that exports a factory, or the code that is given. */
async function install(
  root: string,
  packageName: string,
  {
    exportName = "testdb",
    code = factory(exportName, packageName),
    exports = { ".": { default: "./index.js" } } as unknown,
  } = {},
): Promise<void> {
  const path = join(root, "node_modules", packageName);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "package.json"), JSON.stringify({ name: packageName, type: "module", exports }));
  await writeFile(join(path, "index.js"), code);
}

function factory(exportName: string, mark: string): string {
  return `class Made { "~dlt" = "destination"; constructor(given) { this.type = this.name = "${exportName}"; this.given = given; this.mark = "${mark}" }
    connect() { return this.name } }
    export const ${exportName} = (given) => new Made(given);`;
}

test("the package of dlt comes before others, and the folder of the script before the current one", async () => {
  await install(cwd, "dlt-destination-testdb");
  expect(await byName("testdb")).toMatchObject({ mark: "dlt-destination-testdb" });
  await install(cwd, "@dlt/destination-testdb");
  expect(await byName("testdb")).toMatchObject({ mark: "@dlt/destination-testdb" });
  await install(join(folder, "app"), "dlt-destination-testdb", { code: factory("testdb", "of the script") });
  expect(await byName("testdb")).toMatchObject({ mark: "of the script", type: "testdb", given: { credentials: "x" } });
});

test("the full type of Python dlt and names of several words are understood", async () => {
  await install(cwd, "@dlt/destination-azure-sql", { exportName: "azureSql" });
  expect(await byName("dlt.destinations.azure_sql")).toMatchObject({ mark: "@dlt/destination-azure-sql" });
});

test("a name of one's own has its type in the configuration", async () => {
  await install(cwd, "@dlt/destination-testdb");
  const destination = await byName("warehouse", { DESTINATION__WAREHOUSE__DESTINATION_TYPE: "testdb" });
  expect(destination.name).toBe("warehouse");
  expect(destination.type).toBe("testdb");
  expect(destination.connect({}, {} as never)).toBe("warehouse");
});

test("the type of a name can be said beside it, or remembered", async () => {
  await install(cwd, "@dlt/destination-testdb");
  await install(cwd, "@dlt/destination-otherdb", { exportName: "otherdb" });
  const env = { DESTINATION__WAREHOUSE__DESTINATION_TYPE: "otherdb" };
  expect(await byName("warehouse", env, { type: "testdb" })).toMatchObject({ type: "testdb", name: "warehouse" });
  expect(await byName("warehouse", env, { defaultType: "testdb" })).toMatchObject({ type: "otherdb" });
  const remembered = await byName("warehouse", {}, { defaultType: "dlt.destinations.testdb" });
  expect(remembered).toMatchObject({ type: "testdb", name: "warehouse", given: { destinationName: "warehouse" } });
  expect(await byName("testdb", {}, { type: "testdb" })).toMatchObject({ name: "testdb", given: { credentials: "x" } });
});

test("a package that only says what import gets is found", async () => {
  await install(cwd, "@dlt/destination-testdb", {
    exports: { ".": { import: { types: "./x.d.ts", default: "./index.js" } } },
  });
  expect(await byName("testdb")).toMatchObject({ mark: "@dlt/destination-testdb" });
});

describe("errors", () => {
  test("not installed: the command that adds it, in the package manager of the project", async () => {
    const hint = (command: string) =>
      expect.objectContaining({ code: "DESTINATION_NOT_FOUND", hint: `Add it: ${command}` }) as Error;
    await expect(byName("testdb")).rejects.toThrow(hint("npm install @dlt/destination-testdb"));
    await expect(byName("testdb", { npm_config_user_agent: "yarn/4.0.0 npm/? node/v20" })).rejects.toThrow(
      hint("yarn add @dlt/destination-testdb"),
    );
    await writeFile(join(folder, "pnpm-lock.yaml"), "");
    await expect(byName("testdb")).rejects.toThrow(hint("pnpm add @dlt/destination-testdb"));
    await writeFile(join(cwd, "bun.lock"), "");
    await expect(byName("testdb")).rejects.toThrow(hint("bun add @dlt/destination-testdb"));
    await expect(byName("testdb")).rejects.toThrow(
      /neither `@dlt\/destination-testdb` nor `dlt-destination-testdb` was found/,
    );
    await expect(byName("my_db")).rejects.toThrow(/DESTINATION__MY_DB__DESTINATION_TYPE=duckdb/);
  });

  const notLoadable = (reason: RegExp) =>
    expect.objectContaining({
      code: "DESTINATION_NOT_LOADABLE",
      message: expect.stringMatching(reason) as string,
    }) as Error;

  test("installed, but importing it fails", async () => {
    await install(cwd, "@dlt/destination-testdb", { code: 'throw new Error("no native part");' });
    await expect(byName("testdb")).rejects.toThrow(
      notLoadable(/installed as `@dlt\/destination-testdb`, but importing it failed: no native part/),
    );
  });

  test("installed, but it exports something else", async () => {
    await install(cwd, "@dlt/destination-testdb", { code: "export const other = 1;" });
    await expect(byName("testdb")).rejects.toThrow(notLoadable(/no export `testdb`/));
  });

  test("installed, but its factory makes no destination", async () => {
    await install(cwd, "dlt-destination-testdb", { code: "export const testdb = () => ({});" });
    await expect(byName("testdb")).rejects.toThrow(notLoadable(/makes no destination/));
  });
});
