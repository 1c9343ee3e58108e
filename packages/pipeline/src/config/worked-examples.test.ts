import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  anyOf,
  type ConfigGroup,
  type ConfigSpec,
  Decimal,
  type Destination,
  group,
  isDltError,
  type Secret,
  secret,
  setting,
} from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import { postgres } from "@dlt/destination-postgres";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ConfigContext, loadConfig } from "./config-context.js";
import * as engine from "./engine-settings.js";
import { pipelineSettings } from "./pipeline-settings.js";
import { registerProvider } from "./registered-providers.js";
import { type ResolveOptions, resolveConfig } from "./resolve-config.js";
import { config as access, secrets as secretAccess } from "./settings-access.js";

// The worked examples of the specification of settings, by its sections: keys, order, values, messages.

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "examples-"));
  vi.spyOn(process, "geteuid").mockReturnValue(1000);
  vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Env = Readonly<Record<string, string>>;

interface Places {
  readonly env?: Env;
  readonly secrets?: string;
  readonly config?: string;
  /** Files by path below the folder of the test; `home/.dlt` is that of the user. */
  readonly files?: Env;
  readonly pipeline?: string;
}

/** The settings of a project with these variables and files. */
async function project({ env = {}, secrets, config, files = {}, pipeline }: Places): Promise<ConfigContext> {
  const all = {
    "home/keep": "",
    ...files,
    ...(secrets !== undefined && { "project/.dlt/secrets.toml": secrets }),
    ...(config !== undefined && { "project/.dlt/config.toml": config }),
  };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const runtime = { env: { HOME: join(folder, "home"), ...env }, cwd: join(folder, "project") };
  return loadConfig(runtime, pipeline === undefined ? {} : { pipelineName: pipeline });
}

const notion = { owner: "Source `notion_databases`", sections: ["sources", "notion", "notion_databases"] };

/** The value of one field of a source, where it is found. */
async function find(places: Places, field: ConfigSpec[string] = setting(), options: Partial<ResolveOptions> = {}) {
  const found = resolveConfig({ api_key: field }, { ...notion, ...options, config: await project(places) }).api_key;
  return field.secret ? (found as Secret).reveal() : found;
}

/** Keys that are tried for a field that is nowhere. */
async function triedKeys(places: Places, spec: ConfigSpec, options: Omit<ResolveOptions, "config">) {
  const config = await project(places);
  try {
    resolveConfig(spec, { ...options, config });
  } catch (error) {
    if (!isDltError(error)) throw error;
    return error.message.split("\n").flatMap((line) => /^ {2}(.+): (.+)$/.exec(line)?.slice(1).join(" ") ?? []);
  }
  throw new Error("nothing is missing");
}

describe("2 Providers", () => {
  const one = "[sources.notion]\napi_key = ";
  test.each<[name: string, places: Places, value: unknown]>([
    [
      "2.1 the environment wins",
      { env: { API_KEY: "env" }, secrets: `${one}"secrets"`, config: `${one}"config"` },
      "env",
    ],
    ["2.1 then secrets.toml", { secrets: `${one}"secrets"`, config: `${one}"config"` }, "secrets"],
    ["2.1 then config.toml", { config: `${one}"config"` }, "config"],
    ["2.2 an empty variable is found", { env: { SOURCES__NOTION__API_KEY: "" }, config: `${one}"config"` }, ""],
    ["2.2 other signs stay", { env: { "MY-PIPE__API_KEY": "dashed" }, pipeline: "my-pipe" }, "dashed"],
    ["2.3 the project wins over the user", { config: `${one}1`, files: { "home/.dlt/config.toml": `${one}2` } }, 1],
    ["2.3 files of the user are read", { files: { "home/.dlt/secrets.toml": `${one}"user"` } }, "user"],
    ["2.3 dotted keys are tables", { config: 'sources.notion.api_key = "dotted"' }, "dotted"],
    ["2.3 a table is a value", { config: "[sources.notion.api_key]\na = 1" }, { a: 1 }],
    ["2.3 values keep their types", { config: `${one}[1, true, 1979-05-27]` }, [1, true, "1979-05-27"]],
    ["2.3 a mark of the byte order is passed over", { config: `\uFEFF${one}"bom"` }, "bom"],
    ["2.3 lines may end as on Windows", { config: `[sources.notion]\r\napi_key = "crlf"\r\n` }, "crlf"],
    ["2.3 keys in quotes may have dots", { config: '["sources"."notion"]\n"api_key" = "quoted"' }, "quoted"],
  ])("%s", async (_, places, value) => {
    expect(await find(places)).toEqual(value);
  });

  test("2.1 explicit values win, also null, which ends the search", async () => {
    const places = { env: { API_KEY: "env" } };
    expect(await find(places, setting(), { given: { api_key: "code" } })).toBe("code");
    expect(await find(places, setting({ optional: true }), { given: { api_key: null } })).toBeNull();
  });

  test("2.1 a secret in config.toml is an error", async () => {
    await expect(find({ config: `${one}"hidden"` }, secret())).rejects.toMatchObject({
      code: "CONFIG_SECRET_EXPOSED",
      message: expect.not.stringContaining("hidden") as string,
    });
  });

  test("2.3 keys are spelled as in code", async () => {
    const config = await project({ config: `[sources.Notion]\napi_key = "x"` });
    expect(() => resolveConfig({ api_key: setting() }, { ...notion, config })).toThrow(/needs the setting/);
  });

  test("2.4 a custom place is searched last, and may have any values at once", async () => {
    const { unregister } = await registerProvider({
      name: "Custom",
      load: () => ({ sources: { notion: { api_key: "custom" } } }),
    });
    onTestFinished(unregister);
    expect(await find({})).toBe("custom");
    expect(await find({}, secret())).toBe("custom");
    expect(await find({ config: `${one}"config"` })).toBe("config");
    expect(await find({ env: { API_KEY: "env" } })).toBe("env");
    await expect(registerProvider({ name: "Custom" })).rejects.toMatchObject({ code: "CONFIG_PROVIDER_DUPLICATE" });
    await expect(registerProvider({ name: "secrets.toml" })).rejects.toMatchObject({
      code: "CONFIG_PROVIDER_DUPLICATE",
    });
  });
});

describe("3 Key grammar and lookup order", () => {
  test("3.3 a secret of a source function in a module, in a pipeline", async () => {
    const keys = await triedKeys({ secrets: "x = 1", pipeline: "my_pipe" }, { apiKey: secret() }, notion);
    const dotted = [
      "sources.notion.notion_databases.api_key",
      "sources.notion.api_key",
      "sources.notion_databases.api_key",
      "sources.api_key",
      "api_key",
    ];
    const places = (keysIn: readonly string[]) => [
      ...keysIn.map((key) => `Environment Variables ${key.replaceAll(".", "__").toUpperCase()}`),
      ...keysIn.map((key) => `secrets.toml ${key}`),
    ];
    expect(keys).toEqual([...places(dotted.map((key) => `my_pipe.${key}`)), ...places(dotted)]);
  });

  const password = { credentials: { secret: false, fields: { password: secret() } } } satisfies Record<
    string,
    ConfigGroup<unknown>
  >;
  const catalog = {
    credentials: group({ catalog: group({ host: setting<string>() }) }),
  } satisfies ConfigSpec;
  const sections = (...path: string[]) => ({ owner: "It", sections: path });
  test.each<[name: string, spec: ConfigSpec, options: Omit<ResolveOptions, "config">, keys: readonly string[]]>([
    [
      "a password of Postgres",
      password,
      sections("destination", "postgres"),
      ["DESTINATION__POSTGRES__CREDENTIALS__PASSWORD", "DESTINATION__CREDENTIALS__PASSWORD", "CREDENTIALS__PASSWORD"],
    ],
    [
      "credentials in native form",
      { credentials: setting<string>() },
      sections("destination", "postgres"),
      ["DESTINATION__POSTGRES__CREDENTIALS", "DESTINATION__CREDENTIALS", "CREDENTIALS"],
    ],
    [
      "the catalog of a lake",
      catalog,
      sections("destination", "ducklake"),
      [
        "DESTINATION__DUCKLAKE__CREDENTIALS__CATALOG__HOST",
        "DESTINATION__DUCKLAKE__CATALOG__HOST",
        "DESTINATION__CATALOG__HOST",
        "CATALOG__HOST",
      ],
    ],
    [
      "a connection string of a source",
      { dsn: setting<string>() },
      sections("sources", "mod", "fn"),
      ["SOURCES__MOD__FN__DSN", "SOURCES__MOD__DSN", "SOURCES__FN__DSN", "SOURCES__DSN", "DSN"],
    ],
    [
      "a source named like its module",
      { dsn: setting<string>() },
      sections("sources", "chess", "chess"),
      ["SOURCES__CHESS__CHESS__DSN", "SOURCES__CHESS__DSN", "SOURCES__DSN", "DSN"],
    ],
    [
      "the only secrets of a vault",
      { onlySecrets: setting<boolean>() },
      { ...sections("providers"), fixedSection: "google_secrets" },
      ["PROVIDERS__GOOGLE_SECRETS__ONLY_SECRETS", "GOOGLE_SECRETS__ONLY_SECRETS"],
    ],
  ])("3.3 %s", async (_, spec, options, keys) => {
    expect(await triedKeys({}, spec, options)).toEqual(keys.map((key) => `Environment Variables ${key}`));
  });

  const source = ["sources", "shop", "orders"] as const;
  test.each<[name: string, env: Env, read: (config: ConfigContext) => unknown, value: unknown, pipeline?: string]>([
    [
      "file_max_items",
      { NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS: "7" },
      (config) => engine.dataWriterSettings({ config, below: ["normalize"] }).fileMaxItems,
      7,
    ],
    [
      "file_max_items of all writers",
      { DATA_WRITER__FILE_MAX_ITEMS: "8" },
      (config) => engine.dataWriterSettings({ config, below: ["normalize"] }).fileMaxItems,
      8,
    ],
    [
      "buffer_max_items of a source",
      { SOURCES__ORDERS__DATA_WRITER__BUFFER_MAX_ITEMS: "9" },
      (config) => engine.dataWriterSettings({ config, below: source }).bufferMaxItems,
      9,
    ],
    [
      "workers of extract",
      { SOURCES__EXTRACT__WORKERS: "3" },
      (config) => engine.extractSettings({ config, source }).workers,
      3,
    ],
    [
      "naming of a schema",
      { SOURCES__S__SCHEMA__NAMING: "direct" },
      (config) => engine.schemaSettings({ config, schemaName: "s" }).naming,
      "direct",
    ],
    [
      "dataset_name of a pipeline",
      { P1__PIPELINES__DATASET_NAME: "a", PIPELINES__P1__DATASET_NAME: "b" },
      (config) => pipelineSettings({ config }).datasetName,
      "a",
      "p1",
    ],
    [
      "dataset_name at the root",
      { DATASET_NAME: "c" },
      (config) => pipelineSettings({ config }).datasetName,
      "c",
      "p1",
    ],
    [
      "log_level below its section",
      { RUNTIME__LOG_LEVEL: "DEBUG" },
      (config) => engine.runtimeSettings({ config }).logLevel,
      "DEBUG",
    ],
    [
      "no log_level at the root",
      { LOG_LEVEL: "DEBUG" },
      (config) => engine.runtimeSettings({ config }).logLevel,
      undefined,
    ],
  ])("3.3 %s", async (_, env, read, value, pipeline) => {
    expect(read(await project({ env, ...(pipeline !== undefined && { pipeline }) }))).toEqual(value);
  });

  test("3.2 the pipeline's keys of every place come first, then a place counts more than a specific path", async () => {
    const specific = '[sources.notion.notion_databases]\napi_key = "specific"';
    expect(await find({ env: { API_KEY: "bare" }, secrets: specific })).toBe("bare");
    expect(await find({ env: { API_KEY: "bare" }, config: 'p.api_key = "pipeline"', pipeline: "p" })).toBe("pipeline");
  });
});

describe("4 Parsing values from providers", () => {
  test.each<[type: Parameters<typeof setting>[0], text: string, value: unknown]>([
    [{ type: "text" } as never, "12", "12"],
    [{ type: "boolean" } as never, "Yes", true],
    [{ type: "boolean" } as never, "F", false],
    [{ type: "integer" } as never, " 0x1F ", 31],
    [{ type: "number" } as never, "1e-3", 0.001],
    [{ type: "number" } as never, "inf", Number.POSITIVE_INFINITY],
    [{ type: "decimal" } as never, " 1.10 ", new Decimal("1.10")],
    [{ type: "decimal" } as never, "0x10", new Decimal("16")],
    [{ type: "bytes" } as never, "0x0102", new Uint8Array([1, 2])],
    [{ type: "bytes" } as never, "AQI=", new Uint8Array([1, 2])],
    [{ type: "list" } as never, '["a", 1]', ["a", 1]],
    [{ type: "list" } as never, "(1, 2)", [1, 2]],
    [{ type: "object" } as never, '{"a": 1}', { a: 1 }],
    [{ choices: ["a", "b"] } as never, "b", "b"],
  ])("%o reads %j", async (options, text, value) => {
    expect(await find({ env: { API_KEY: text } }, setting(options))).toEqual(value);
  });

  test.each([
    ["timestamp", "2024-01-02T03:04:05+02:00", "2024-01-02T03:04:05+02:00"],
    ["timestamp", "2024-01-02T03:04:05", "2024-01-02T03:04:05"],
    ["date", "2024-01-02", "2024-01-02"],
    ["time", "03:04:05", "03:04:05"],
  ] as const)("a %s reads %s", async (type, text, printed) => {
    expect(String(await find({ env: { API_KEY: text } }, setting({ type })))).toBe(printed);
    expect(String(await find({ config: `[sources.notion]\napi_key = ${text}` }, setting({ type })))).toContain(
      printed.slice(0, 10),
    );
  });

  test("seconds since 1970 are a timestamp, and numbers of TOML texts and booleans", async () => {
    const at = (value: string, field: ConfigSpec[string]) =>
      find({ config: `sources.notion.api_key = ${value}` }, field);
    expect(String(await at("86400", setting({ type: "timestamp" })))).toMatch(/^1970-01-02T00:00:00/);
    expect(await at("12", setting({ type: "text" }))).toBe("12");
    expect(await at("2", setting({ type: "boolean" }))).toBe(true);
    expect(await at("2.0", setting({ type: "integer" }))).toBe(2);
  });

  test.each([
    ["boolean", "", "yes or no"],
    ["boolean", "on", "yes or no"],
    ["integer", "2.5", "an integer"],
    ["decimal", "a lot", "a decimal number"],
    ["bytes", "hello", "bytes as Base64"],
    ["date", "tomorrow", "a date of ISO 8601"],
    ["list", '{"a": 1}', "a list"],
    ["object", "[1]", "an object"],
  ] as const)("no %s: %j", async (type, text, expected) => {
    await expect(find({ env: { API_KEY: text } }, setting({ type }))).rejects.toMatchObject({
      code: "CONFIG_VALUE_INVALID",
      message: expect.stringContaining(`\`API_KEY\` in Environment Variables: expected ${expected}`) as string,
    });
  });

  test("explicit values are not coerced", async () => {
    await expect(find({}, setting({ type: "integer" }), { given: { api_key: "5" } })).rejects.toThrow(
      /as it was given: expected an integer/,
    );
    expect(await find({}, setting({ type: "integer" }), { given: { api_key: 5 } })).toBe(5);
  });
});

describe("6 Native values", () => {
  const of = async (places: Places, made: Destination = postgres() as Destination) => {
    const sections = ["destination", made.name];
    const config = await project(places);
    return resolveConfig(made.config, { owner: "It", sections, given: made.given, config }) as {
      readonly credentials: Readonly<Record<string, unknown>> & { readonly password?: Secret };
    };
  };

  test.each<[text: string, parts: object, password?: string]>([
    [
      "postgres://loader:pw@localhost:5432/dlt_data",
      { username: "loader", host: "localhost", port: 5432, database: "dlt_data" },
      "pw",
    ],
    ["postgresql://loader:p%40%2F@db/dlt_data", { host: "db", port: 5432 }, "p@/"],
    [
      "postgresql://loader:pw@[::1]:5433/dlt_data?connect_timeout=3",
      { host: "::1", port: 5433, connectTimeout: 3 },
      "pw",
    ],
  ])("6.1 %s", async (text, parts, password) => {
    const { credentials } = await of({ env: { DESTINATION__POSTGRES__CREDENTIALS: text } });
    expect(credentials).toMatchObject(parts);
    expect(credentials.password?.reveal()).toBe(password);
  });

  test("5 what a connection string lacks is looked up, and what it has is not", async () => {
    const { credentials } = await of({
      env: { CREDENTIALS: "postgres://loader@localhost:5432/dlt_data", DESTINATION__POSTGRES__CREDENTIALS__HOST: "no" },
      secrets: '[destination.postgres.credentials]\npassword = "pw"',
    });
    expect(credentials).toMatchObject({ host: "localhost", username: "loader" });
    expect(credentials.password?.reveal()).toBe("pw");
  });

  test("5 a table in a file is looked up part by part, over places", async () => {
    const { credentials } = await of({
      env: { DESTINATION__POSTGRES__CREDENTIALS__PASSWORD: "pw" },
      secrets: '[destination.postgres.credentials]\nhost = "db"\ndatabase = "d"\nusername = "u"\npassword = "no"',
    });
    expect(credentials).toMatchObject({ host: "db", database: "d", username: "u" });
    expect(credentials.password?.reveal()).toBe("pw");
  });

  test.each(["a.duckdb", "duckdb:///a.duckdb", ":pipeline:", "/data/a.duckdb"])("6 DuckDB takes %s", async (text) => {
    const { credentials } = await of({ env: { DESTINATION__DUCKDB__CREDENTIALS: text } }, duckdb() as Destination);
    expect(credentials).toMatchObject({ database: text.replace("duckdb:///", "") });
  });
});

describe("7 Credentials types", () => {
  const credentialsOf = async (field: ConfigSpec[string], places: Places, given?: object) => {
    const config = await project(places);
    const options = {
      owner: "It",
      sections: ["sources", "sql_database"],
      ...(given && { given: { credentials: given } }),
    };
    return resolveConfig({ credentials: field }, { ...options, config }).credentials as Readonly<
      Record<string, unknown>
    >;
  };

  const account = group({
    projectId: setting({ type: "text" }),
    clientEmail: setting({ type: "text" }),
    privateKey: secret(),
  });
  const client = group({
    projectId: setting({ type: "text" }),
    clientId: setting({ type: "text" }),
    refreshToken: secret(),
  });
  const google = anyOf([account, client]);

  test("7.2 of several ways to log in the first counts whose settings are all there", async () => {
    const project = { CREDENTIALS__PROJECT_ID: "p", CREDENTIALS__REFRESH_TOKEN: "r", CREDENTIALS__CLIENT_ID: "c" };
    expect(await credentialsOf(google, { env: project })).toMatchObject({ projectId: "p", clientId: "c" });
    const both = { ...project, CREDENTIALS__CLIENT_EMAIL: "e", CREDENTIALS__PRIVATE_KEY: "k" };
    expect(await credentialsOf(google, { env: both })).toMatchObject({ clientEmail: "e" });
    await expect(credentialsOf(google, { env: { CREDENTIALS__PROJECT_ID: "p" } })).rejects.toThrow(
      /`credentials\.clientEmail \(choice 1 of 2\)`, .*`credentials\.refreshToken \(choice 2 of 2\)`\./,
    );
    expect(await credentialsOf({ ...google, optional: true }, {})).toBeUndefined();
  });
});

describe("8 Missing fields", () => {
  test("every key is named, and a connection string gives the rest", async () => {
    const { config } = postgres();
    const credentials = (config["credentials"] as ConfigGroup<unknown>).fields;
    const withPassword = { credentials: { ...config["credentials"], fields: { ...credentials, password: secret() } } };
    const keys = await triedKeys(
      { env: { CREDENTIALS: "postgres://loader@localhost:5432/dlt_data" }, secrets: "x = 1", pipeline: "chess_games" },
      withPassword as ConfigSpec,
      { owner: "Destination `postgres`", sections: ["destination", "postgres"] },
    );
    expect(keys).toEqual([
      "Environment Variables CHESS_GAMES__DESTINATION__POSTGRES__CREDENTIALS__PASSWORD",
      "Environment Variables CHESS_GAMES__DESTINATION__CREDENTIALS__PASSWORD",
      "Environment Variables CHESS_GAMES__CREDENTIALS__PASSWORD",
      "secrets.toml chess_games.destination.postgres.credentials.password",
      "secrets.toml chess_games.destination.credentials.password",
      "secrets.toml chess_games.credentials.password",
      "Environment Variables DESTINATION__POSTGRES__CREDENTIALS__PASSWORD",
      "Environment Variables DESTINATION__CREDENTIALS__PASSWORD",
      "Environment Variables CREDENTIALS__PASSWORD",
      "secrets.toml destination.postgres.credentials.password",
      "secrets.toml destination.credentials.password",
      "secrets.toml credentials.password",
    ]);
  });

  test("parts that are there are told of, without their values", async () => {
    const credentials = (postgres().config["credentials"] as ConfigGroup<unknown>).fields;
    const config = await project({ env: { CREDENTIALS: "postgres://hidden@hidden:5432/hidden" } });
    const spec = {
      credentials: {
        secret: true,
        parse: postgres().config["credentials"]?.parse,
        fields: { ...credentials, password: secret() },
      },
    };
    const lookUp = () =>
      resolveConfig(spec as ConfigSpec, { owner: "It", sections: ["destination", "postgres"], config });
    expect(lookUp).toThrow(/\nOf `credentials` there are `host`, `port`, `database`, `username`\.\n/);
    expect(lookUp).not.toThrow(/hidden/);
  });
});

describe("9 Accessors", () => {
  beforeEach(() => {
    vi.stubEnv("DLT_PROJECT_DIR", join(folder, "project"));
    onTestFinished(() => {
      vi.unstubAllEnvs();
      access.reload();
    });
  });

  test("a full key is looked up exactly, in all places, and a text is what it spells", async () => {
    await project({
      secrets: 'a.token = "s"\na.both = "secrets"',
      config: 'a.b = "0x10"\na.both = "config"\na.list = "[1]"',
    });
    expect(["a.b", "a.list", "a.both"].map((key) => access.value(key))).toEqual([16, [1], "secrets"]);
    expect([access.get("a.b"), access.get("a.b", "integer"), access.get("b")]).toEqual(["0x10", 16, undefined]);
    expect([access.has("a.b"), access.has("b")]).toEqual([true, false]);
    expect(() => access.value("x.y")).toThrow(expect.objectContaining({ code: "CONFIG_FIELD_MISSING" }));
    expect(() => access.get("a.list", "integer")).toThrow(expect.objectContaining({ code: "CONFIG_VALUE_INVALID" }));
    expect(secretAccess.value("a.token").reveal()).toBe("s");
    expect([secretAccess.has("a.b"), secretAccess.get("a.b")]).toEqual([false, undefined]);
    expect(() => secretAccess.value("a.b")).toThrow(expect.objectContaining({ code: "CONFIG_FIELD_MISSING" }));
  });

  test("what is set counts like the file, below the environment, and is merged into tables", async () => {
    await project({ config: "[a]\nb = 1\nc = 2" });
    access.set("a", { b: 5, d: null, e: { f: 6 } });
    secretAccess.set("a.token", "s");
    expect(access.get("a")).toEqual({ token: "s" });
    expect(["a.b", "a.c", "a.d", "a.e.f"].map((key) => access.get(key))).toEqual([5, 2, undefined, 6]);
    expect(secretAccess.value("a.token").reveal()).toBe("s");
    vi.stubEnv("A__B", "env");
    expect(access.get("a.b")).toBe("env");
    access.reload();
    expect([access.get("a.c"), secretAccess.get("a.token")]).toEqual([2, undefined]);
  });
});

describe("12 Workspaces and profiles", () => {
  test("files of the profile come first, those of the project before those of the user", async () => {
    const value = (profile: Env) =>
      find({
        env: profile,
        files: {
          "project/.dlt/.workspace": "",
          "project/.dlt/prod.config.toml": 'api_key = "project prod"',
          "project/.dlt/config.toml": 'api_key = "project"',
          "home/.dlt/tests.config.toml": 'api_key = "user tests"',
        },
      });
    expect(await value({ WORKSPACE__PROFILE: "prod" })).toBe("project prod");
    expect(await value({ WORKSPACE__PROFILE: "tests" })).toBe("project");
    expect(await value({})).toBe("project");
  });
});
