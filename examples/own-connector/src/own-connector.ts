/**
 * From an empty folder to rows in DuckDB with what `npm create @dlt@latest` prints, and connectors in packages of their own: made, tested,
 * packed, installed in another folder from the tarball, and used. The packages are those of this repository, as they would be published.
 */
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startHelpDesk } from "./help-desk-api.js";
import { nextCommands, personWith } from "./person.js";
import { startRegistry } from "./registry.js";

const place = await mkdtemp(join(tmpdir(), "dlt-own-connector-"));
const tarballs = join(place, "tarballs");
const shop = join(place, "my-shop");
await mkdir(tarballs);
const registry = await startRegistry(tarballs);
const npmSettings = join(place, "npmrc");
const settings = [`@dlt:registry=${registry.url}`, "audit=false", "fund=false", "prefer-offline=true"];
await writeFile(npmSettings, [await npmSettingsOfMachine(), ...settings, ""].join("\n"));
const { type } = personWith({
  npm_config_globalconfig: npmSettings,
  npm_config_yes: "true", // to whether it may install what makes the project
  DLT_DATA_DIR: join(place, "data"),
});
try {
  await newProject();
  const connectors = await Promise.allSettled([
    testedConnector("dlt-destination-acme-lake", "destination"),
    testedConnector("dlt-source-acme-desk", "source"),
  ]);
  for (const each of connectors) if (each.status === "rejected") throw each.reason;
  await useDestination();
  await useSource();
} finally {
  registry.close();
  await rm(place, { recursive: true });
}

async function npmSettingsOfMachine(): Promise<string> {
  const { stdout } = await promisify(execFile)("npm", ["config", "get", "globalconfig"]);
  return await readFile(stdout.trim(), "utf8").catch(() => "");
}

/** Somebody who reads nothing but what the terminal says. */
async function newProject(): Promise<void> {
  const made = await type(place, ["npm create @dlt@latest my-shop"]);
  assert.deepEqual(nextCommands(made), ["cd my-shop", "npm start", "npx dlt pipeline my_shop show items"]);
  const printed = await type(place, nextCommands(made));
  assert.match(printed, /items \(new table\): id bigint not null, name text, changed_at timestamp/);
  assert.match(printed, /1 +first .*\n.*2 +second /);
  console.log(printed);

  // What coding assistants are shown compiles, too.
  const [, shown = ""] = /```ts\n([^]*?)```/.exec(await readFile(join(shop, "AGENTS.md"), "utf8")) ?? [];
  assert.match(shown, /@dlt\/pipeline/);
  await writeFile(join(shop, "shown.ts"), shown);
  await type(shop, [
    "npm run typecheck",
    "npm run plan",
    "git init --quiet",
    "git check-ignore --quiet .dlt/secrets.toml",
  ]);
  const { dependencies } = JSON.parse(await readFile(join(shop, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const [name, range] of Object.entries(dependencies)) assert.equal(range, `^${registry.versions.get(name)}`);
}

/** Makes the package of a connector, and does with it what the terminal and its workflow for CI say. */
async function testedConnector(name: string, kind: string): Promise<void> {
  const made = await type(place, [`npm create @dlt@latest ${name} -- --connector ${kind}`]);
  assert.deepEqual(nextCommands(made), [`cd ${name}`, "npm test", "npm pack"]);
  const printed = await type(place, nextCommands(made), { NO_COLOR: "1" });
  console.log(name, / +Tests .*/.exec(printed)?.[0]);
  const folder = join(place, name);
  await type(folder, ["npm run typecheck", "npm run check"]);
  await type(folder, ["git init --quiet --initial-branch=main", "npx changeset version"]);
  assert.match(await readFile(join(folder, "CHANGELOG.md"), "utf8"), /## 0\.1\.0/);
}

/** By its name, in the project, which has it from its tarball. */
async function useDestination(): Promise<void> {
  await type(shop, ["npm install ../dlt-destination-acme-lake/dlt-destination-acme-lake-0.0.0.tgz"]);
  await writeFile(
    join(shop, "lake.ts"),
    `import { pipeline } from "@dlt/pipeline";

const p = pipeline({ pipelineName: "lake", destination: "acme_lake", datasetName: "zoo" });
await p.run([{ id: 1, name: "Rex", tags: ["dog"] }], { tableName: "animals" });
`,
  );
  const printed = await type(shop, ["npx dlt pipeline lake.ts run"], { DESTINATION__ACME_LAKE__PATH: "lake" });
  assert.match(printed, /acme_lake/);
  const folder = join(shop, "lake/zoo/animals");
  const [file = ""] = await readdir(folder);
  assert.match(await readFile(join(folder, file), "utf8"), /^\{"id":1,"name":"Rex",/);
}

async function useSource(): Promise<void> {
  await type(shop, ["npm install ../dlt-source-acme-desk/dlt-source-acme-desk-0.0.0.tgz"]);
  await writeFile(
    join(shop, "desk.ts"),
    `import { pipeline } from "@dlt/pipeline";
import { acmeDesk } from "dlt-source-acme-desk";

await pipeline({ pipelineName: "desk", destination: "duckdb", datasetName: "desk" }).run(acmeDesk());
`,
  );
  const api = await startHelpDesk("t0ken");
  try {
    await type(shop, ["npm run typecheck", "npx dlt pipeline desk.ts run"], {
      SOURCES__ACME_DESK__BASE_URL: api.baseUrl,
      SOURCES__ACME_DESK__TOKEN: "t0ken",
    });
  } finally {
    api.close();
  }
  const shown = await type(shop, ["npx dlt pipeline desk show tickets"]);
  assert.match(shown, /It does not start.*\n.*It is slow/);
  console.log(shown);
}
