import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Destination, isDltError, type Secret } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { filesystem } from "@dlt/destination-filesystem";
import { postgres } from "@dlt/destination-postgres";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  config,
  defaultRuntime,
  findDestination,
  type PipelineOptions,
  pipeline,
  registerProvider,
  resource,
  secret,
  secrets,
  setting,
  source,
} from "../src/index.js";
import { type Canary, newCanary } from "./leaks.js";

const shop = source(
  {
    name: "shop",
    config: {
      fromEnv: secret(),
      fromFile: secret(),
      fromVault: secret(),
      fetched: secret(),
      given: secret(),
      perPage: setting({ default: 2 }),
    },
  },
  (found, { failing = false }: { failing?: boolean }) => [
    resource({ name: "orders" }, function* () {
      const used = [found.fromEnv, found.fromFile, found.fromVault, found.fetched, found.given].map((each) =>
        each.reveal(),
      );
      // Secrets as values of rows stay secrets.
      yield used.map((text, id) => ({ id, length: text.length, token: found.fromEnv as unknown }));
      if (failing) throw new Error(`The shop refused ${String(found.fromEnv)}.`, { cause: found });
    }),
  ],
);

/** A project whose places are full of marked secrets, which a pipeline of `shop` needs all. */
async function projectWith(canary: Canary) {
  const folder = await mkdtemp(join(tmpdir(), "canary-project-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, ".dlt"));
  const env = {
    DLT_PROJECT_DIR: folder,
    DLT_DATA_DIR: join(folder, "data"),
    DLT_LOCAL_DIR: folder,
    SOURCES__SHOP__FROM_ENV: canary.secret("env"),
    DESTINATION__FILESYSTEM__CREDENTIALS__AWS_SECRET_ACCESS_KEY: canary.secret("aws"),
    DESTINATION__FILESYSTEM__CREDENTIALS__AZURE_STORAGE_SAS_TOKEN: canary.secret("azure"),
    DESTINATION__POSTGRES__CREDENTIALS: `postgresql://loader:${canary.secret("password")}@127.0.0.1:1/shop`,
    UNRELATED__API_KEY: canary.secret("unrelated"),
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const file = `[sources.shop]\nfrom_file = "${canary.secret("file")}"\n[other]\npassword = "${canary.secret("other")}"\n`;
  await writeFile(join(folder, ".dlt", "secrets.toml"), file);
  const places = [
    await registerProvider({
      name: "At once",
      load: () => ({ sources: { shop: { from_vault: canary.secret("vault") } } }),
    }),
    await registerProvider({
      name: "Later",
      fetch: async (path) => (path.at(-1) === "fetched" ? canary.secret("fetched") : undefined),
    }),
  ];
  onTestFinished(() => {
    vi.unstubAllEnvs();
    config.reload();
    for (const place of places) place.unregister();
  });
  const runtime = { ...defaultRuntime(), cwd: folder, wait: async () => undefined };
  return {
    folder,
    shopOf: (options: { readonly failing?: boolean } = {}) => shop({ given: canary.secret("given"), ...options }),
    pipelineTo: (destination: string | Destination, options: PipelineOptions = {}) =>
      pipeline({ pipelineName: "shop", destination, datasetName: "data", ...options }, runtime),
  };
}

const files = { except: ["secrets.toml"] };

test("the search finds what leaks", async () => {
  const canary = newCanary();
  const folder = await mkdtemp(join(tmpdir(), "canary-leaks-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  expect(await canary.leaks(folder)).toEqual([]);
  const text = canary.secret("planted");
  await writeFile(join(folder, "a.gz"), gzipSync(text));
  await writeFile(join(folder, "b.txt"), Buffer.from(text).toString("base64"));
  await writeFile(join(folder, text), "");
  console.log({ deep: { text } });
  process.stderr.write(text);
  process.emitWarning(text);
  canary.note(new Error("x", { cause: { text } }));
  expect((await canary.leaks(folder)).length).toBeGreaterThanOrEqual(7);
});

test("runs that succeed leave no secret anywhere", async () => {
  const canary = newCanary();
  const { folder, shopOf, pipelineTo } = await projectWith(canary);
  secrets.set("sources.shop.extra", canary.secret("set"));
  const destination = filesystem({ bucketUrl: "files", layout: "{table_name}/{load_id}.{file_id}.{ext}" });
  for (const to of ["duckdb", destination]) {
    const p = pipelineTo(to, { pipelineName: typeof to === "string" ? "shop" : "shop_files", progress: "log" });
    const source = shopOf();
    for (const each of [source, destination, p, p.state, secrets.get("sources.shop.extra"), config, secrets])
      canary.note(each);
    canary.note(await p.run(shopOf(), { dryRun: true }));
    canary.note(await p.run(source));
    canary.note(p.lastTrace);
    canary.note(p.schemas);
    await p.run([p.lastTrace], { tableName: "_trace" });
    if (to === "duckdb") {
      await using sql = await p.sqlClient();
      const rows = await sql.executeSql("SELECT id, length, token FROM orders ORDER BY id");
      expect(rows).toHaveLength(5);
      expect(rows[0]).toEqual([0, canary.secret("env").length, "[secret]"]);
    }
    await p.close();
  }
  expect(await canary.leaks(folder, files)).toEqual([]);
});

test("runs that fail tell no secret", async () => {
  const canary = newCanary();
  const { folder, shopOf, pipelineTo } = await projectWith(canary);
  const codes = new Set<string>();
  const failing = async (work: () => unknown): Promise<void> => {
    try {
      await work();
      expect.unreachable();
    } catch (error) {
      for (let each: unknown = error; each !== undefined; each = (each as Error).cause) {
        canary.note(each);
        if (isDltError(each)) codes.add(each.code);
        if (!(each instanceof Error)) break;
      }
    }
  };
  const secretsFile = join(folder, ".dlt", "secrets.toml");
  const configFile = join(folder, ".dlt", "config.toml");
  const once = { raiseOnMaxRetries: 1 };
  config.set("load.raise_on_max_retries", once.raiseOnMaxRetries);

  // In the source, and in what its settings are.
  const p = pipelineTo("duckdb");
  await failing(() => p.run(shopOf({ failing: true })));
  canary.note(p.lastTrace);
  const refused = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) => ({ issues: [{ message: `not ${(value as Secret).reveal()}` }] }),
    },
  } as const;
  const strict = source({ name: "shop", config: { fromEnv: { ...secret(), validate: refused } } }, () => []);
  await failing(() => strict());
  await failing(() => source({ name: "shop", config: { fromEvn: secret(), fromFil: secret() } }, async () => [])());
  const number = source({ name: "shop", config: { fromEnv: secret(), n: setting({ type: "integer" }) } }, () => []);
  await failing(() => number({ n: "x" as never }));
  await failing(() => number({ fromEnv: { text: canary.secret("wrong") } as never, n: 1 }));

  // At the destination: nobody listens, the string is broken, the form is wrong.
  const connect = (to: Destination | string) => failing(() => pipelineTo(to, { pipelineName: "to_db" }).sync());
  await connect("postgres");
  const password = canary.secret("password");
  await connect(postgres({ credentials: `postgresql://u:${password}/x@127.0.0.1:1/d` }));
  await connect(postgres({ credentials: { host: "127.0.0.1", port: 1, database: "d", username: "u", password } }));
  await connect(postgres({ credentials: { hostname: password } as never }));
  await connect(filesystem({ bucketUrl: "az://container/x", credentials: `AccountKey=${canary.secret("key")}` }));
  await connect(filesystem({ bucketUrl: "x", credentials: `{"private_key": "${canary.secret("json")}` }));
  canary.note(await findDestination("postgres"));

  // In the places: one that fails, one where secrets do not belong, files that are broken.
  {
    using _ = await registerProvider({
      name: "Broken",
      fetch: () => Promise.reject(new Error(canary.secret("thrown"))),
    });
    await failing(() => pipelineTo("postgres", { pipelineName: "to_db" }).sync());
  }
  await writeFile(
    configFile,
    `[sources.shop]\nother_key = "${canary.secret("exposed")}"\n[a]\npassword = "${canary.secret("named")}"\n`,
  );
  pipelineTo("duckdb"); // reads the files anew
  await failing(() => source({ name: "shop", config: { otherKey: secret() } }, () => [])());
  await writeFile(configFile, `[load]\nworkers = "many"\n`);
  await writeFile(secretsFile, `[sources.shop]\nfrom_file = ${canary.secret("broken")}\n`);
  await failing(() => pipelineTo("duckdb"));

  expect([...codes].sort()).toEqual(
    expect.arrayContaining([
      "CONFIG_FIELD_MISSING",
      "CONFIG_FILE_INVALID",
      "CONFIG_PROVIDER_FAILED",
      "CONFIG_SECRET_EXPOSED",
      "CONFIG_VALUE_INVALID",
      "DESTINATION_CREDENTIALS_INVALID",
      "FILE_STORE_CREDENTIALS_INVALID",
    ]),
  );
  expect(await canary.leaks(folder, { except: ["secrets.toml", "config.toml"] })).toEqual([]);
});

test("what a source itself shows of a secret gets into no event, file or message of the library", async () => {
  const folder = await mkdtemp(join(tmpdir(), "canary-shown-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const shown = "hunter2-shown";
  const showing = source({ name: "shop", config: { key: secret() } }, ({ key }) => [
    resource({ name: "orders" }, () => {
      throw new Error(`https://shop.example.com/?key=${encodeURIComponent(key.reveal())} and ${key.reveal()}`);
    }),
  ]);
  const events: unknown[] = [];
  const env = { SOURCES__SHOP__KEY: shown, DLT_DATA_DIR: join(folder, "data") };
  const runtime = { ...defaultRuntime(), env, cwd: folder };
  const destination = duckdb({ credentials: join(folder, "shop.duckdb") });
  const progress = (event: unknown): void => void events.push(event);
  const p = pipeline({ pipelineName: "showing", destination, progress, pipelinesDir: join(folder, "p") }, runtime);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const failure = await p.run(showing()).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "RESOURCE_FAILED",
    message: expect.stringContaining("key=*** and ***") as unknown,
  });
  expect(JSON.stringify([events, p.lastTrace])).not.toContain(shown);
  expect(await readFile(join(folder, "p", "showing", "trace.json"), "utf8")).not.toContain(shown);
});
