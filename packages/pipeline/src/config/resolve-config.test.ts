import { inspect } from "node:util";
import { ConfigError, type ConfigField, type ConfigGroup, type ConfigSpec, type Secret } from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import { describe, expect, test } from "vitest";
import type { ConfigContext, ResolvedSetting } from "./config-context.js";
import type { ConfigProvider } from "./config-provider.js";
import { environmentProvider } from "./environment-provider.js";
import { resolveConfig } from "./resolve-config.js";
import { settingKey } from "./setting-search.js";

/** A file of the given content. */
function fileProvider(name: string, holdsSecrets: boolean, values: Readonly<Record<string, unknown>>): ConfigProvider {
  return {
    name,
    holdsSecrets,
    isEmpty: Object.keys(values).length === 0,
    locations: [{ path: `/project/.dlt/${name}`, found: Object.keys(values).length > 0 }],
    keyOf: (path) => path.join("."),
    find: (path) => values[path.join(".")],
    keysAt: () => [],
  };
}

interface Places {
  readonly env?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly pipelineName?: string;
  readonly onResolved?: (setting: ResolvedSetting) => void;
}

function context({ env = {}, secrets = {}, config = {}, pipelineName, onResolved }: Places): ConfigContext {
  return {
    providers: [
      environmentProvider({ env, secretsDir: "/nowhere" }),
      fileProvider("secrets.toml", true, secrets),
      fileProvider("config.toml", false, config),
    ],
    pipelineName: pipelineName ?? null,
    profile: null,
    ...(onResolved && { onResolved }),
  };
}

const notion = { owner: "Source `notion_databases`", sections: ["sources", "notion", "notion_databases"] };
const secretField: ConfigField<Secret> = { secret: true };
const field = <Value>(options: Partial<ConfigField<Value>> = {}): ConfigField<Value> => ({ secret: false, ...options });

function failure(spec: ConfigSpec, places: Places, given?: Readonly<Record<string, unknown>>): ConfigError {
  try {
    resolveConfig(spec, { ...notion, config: context(places), ...(given && { given }) });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the settings were found");
}

describe("order", () => {
  const spec = { value: field<string>() };
  const lookUp = (places: Places, given?: { readonly value: string }): string =>
    resolveConfig(spec, { ...notion, config: context(places), ...(given && { given }) }).value;

  test("code, environment, secrets.toml, config.toml, default", () => {
    const env = { SOURCES__NOTION__VALUE: "environment" };
    const secrets = { "sources.notion.value": "secrets" };
    const config = { "sources.notion.value": "config" };
    expect(lookUp({ env, secrets, config }, { value: "code" })).toBe("code");
    expect(lookUp({ env, secrets, config })).toBe("environment");
    expect(lookUp({ secrets, config })).toBe("secrets");
    expect(lookUp({ config })).toBe("config");
    expect(resolveConfig({ value: field({ default: "default" }) }, { ...notion, config: context({}) }).value).toBe(
      "default",
    );
  });

  test("a place counts more than a specific path, and the pipeline more than a place", () => {
    const secrets = { "sources.notion.notion_databases.value": "specific" };
    expect(lookUp({ env: { VALUE: "unspecific" }, secrets })).toBe("unspecific");
    const config = { "my_pipe.value": "of the pipeline" };
    expect(lookUp({ env: { VALUE: "unspecific" }, secrets, config, pipelineName: "my_pipe" })).toBe("of the pipeline");
  });

  test("a full key is looked up exactly", () => {
    const full = { value: field<string>({ key: "sources.rest_api.github.access_token" }) };
    const env = { SOURCES__REST_API__GITHUB__ACCESS_TOKEN: "full", SOURCES__NOTION__VALUE: "no" };
    expect(resolveConfig(full, { ...notion, config: context({ env, pipelineName: "p" }) }).value).toBe("full");
  });

  test("null given in code ends the search", () => {
    const places = { env: { VALUE: "environment" } };
    const options = { ...notion, config: context(places), given: { value: null } };
    expect(resolveConfig({ value: field({ optional: true }) }, options).value).toBeNull();
    expect(resolveConfig({ value: field({ default: "x" }) }, options).value).toBeNull();
    expect(failure(spec, places, { value: null }).code).toBe("CONFIG_FIELD_MISSING");
  });

  test("what is optional may be missing", () => {
    expect(resolveConfig({ value: field({ optional: true }) }, { ...notion, config: context({}) })).toEqual({
      value: undefined,
    });
  });
});

describe("a missing setting", () => {
  test("is reported with every key that was tried, in order", () => {
    const error = failure(
      { apiKey: secretField },
      { env: { X: "1" }, secrets: { x: 1 }, config: { x: 1 }, pipelineName: "my_pipe" },
    );
    expect(error.code).toBe("CONFIG_FIELD_MISSING");
    const tried = error.message.split("\n").filter((line) => line.startsWith("  "));
    expect(tried).toEqual([
      "  Environment Variables: MY_PIPE__SOURCES__NOTION__NOTION_DATABASES__API_KEY",
      "  Environment Variables: MY_PIPE__SOURCES__NOTION__API_KEY",
      "  Environment Variables: MY_PIPE__SOURCES__NOTION_DATABASES__API_KEY",
      "  Environment Variables: MY_PIPE__SOURCES__API_KEY",
      "  Environment Variables: MY_PIPE__API_KEY",
      "  secrets.toml: my_pipe.sources.notion.notion_databases.api_key",
      "  secrets.toml: my_pipe.sources.notion.api_key",
      "  secrets.toml: my_pipe.sources.notion_databases.api_key",
      "  secrets.toml: my_pipe.sources.api_key",
      "  secrets.toml: my_pipe.api_key",
      "  Environment Variables: SOURCES__NOTION__NOTION_DATABASES__API_KEY",
      "  Environment Variables: SOURCES__NOTION__API_KEY",
      "  Environment Variables: SOURCES__NOTION_DATABASES__API_KEY",
      "  Environment Variables: SOURCES__API_KEY",
      "  Environment Variables: API_KEY",
      "  secrets.toml: sources.notion.notion_databases.api_key",
      "  secrets.toml: sources.notion.api_key",
      "  secrets.toml: sources.notion_databases.api_key",
      "  secrets.toml: sources.api_key",
      "  secrets.toml: api_key",
    ]);
    expect(error.message).toContain("Source `notion_databases` needs the setting `apiKey`.");
    expect(error.message).toContain("Files read: /project/.dlt/secrets.toml, /project/.dlt/config.toml.");
    expect(error.hint).toBe(
      "Set the environment variable SOURCES__NOTION__API_KEY, or `api_key` under [sources.notion] in .dlt/secrets.toml, or give the value in code.",
    );
  });

  test("all of them are reported at once, and empty files are not searched", () => {
    const error = failure({ first: field(), second: secretField }, { env: { X: "1" } });
    expect(error.message).toContain("needs the settings `first`, `second`");
    expect(error.message).not.toContain("secrets.toml:");
    expect(error.message).toContain("Files that are not there: /project/.dlt/secrets.toml, /project/.dlt/config.toml.");
    expect(error.context).toEqual({ owner: "Source `notion_databases`", fields: "first, second" });
  });
});

describe("values", () => {
  const fromText = (fieldOptions: Partial<ConfigField<unknown>>, text: string): unknown =>
    resolveConfig({ value: field(fieldOptions) }, { ...notion, config: context({ env: { VALUE: text } }) }).value;

  /** A Standard Schema that takes one type of value. */
  const accepts = (type: string): NonNullable<ConfigField<unknown>["validate"]> => ({
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => (typeof value === type ? { value } : { issues: [{ message: `not a ${type}` }] }),
    },
  });

  test("text is read as what the default is", () => {
    expect(fromText({ default: 1 }, "0x10")).toBe(16);
    expect(fromText({ default: true }, "no")).toBe(false);
    expect(fromText({ default: "a" }, "12")).toBe("12");
    expect(fromText({ default: [] }, "[1, 2]")).toEqual([1, 2]);
    expect(() => fromText({ default: 1 }, "many")).toThrow(
      'Source `notion_databases` cannot use the setting `value` as `VALUE` in Environment Variables: expected a number. The value is "many".',
    );
  });

  test("without a default it is the text, or what the check accepts", () => {
    expect(fromText({}, "12")).toBe("12");
    expect(fromText({ validate: accepts("string") }, "12")).toBe("12");
    expect(fromText({ validate: accepts("number") }, "12")).toBe(12);
    expect(fromText({ validate: accepts("boolean") }, "TRUE")).toBe(true);
    expect(() => fromText({ validate: accepts("number") }, "many")).toThrow(/: not a number\./);
  });

  test("what is given in code is checked and parsed, and not read as text", () => {
    const given = (options: Partial<ConfigField<unknown>>, value: unknown): unknown =>
      resolveConfig({ value: field(options) }, { ...notion, config: context({}), given: { value } }).value;
    expect(() => given({ default: 1 }, "12")).toThrow(/as it was given: expected a number\. The value is "12"\./);
    expect(given({ default: 1 }, 12)).toBe(12);
    expect(given({ parse: (native) => `parsed ${String(native)}` }, "12")).toBe("parsed 12");
    expect(() => given({ validate: accepts("number") }, "12")).toThrow(/as it was given: not a number/);
  });

  test("a parser gets the table of a file, and variables put together", () => {
    const spec = { credentials: field({ parse: (native) => native }) };
    const at = { owner: "Destination `duckdb`", sections: ["destination", "duckdb"] };
    const secrets = { "destination.duckdb.credentials": { database: "a.duckdb" } };
    expect(resolveConfig(spec, { ...at, config: context({ secrets }) }).credentials).toEqual({ database: "a.duckdb" });
    const env = { DESTINATION__DUCKDB__CREDENTIALS__DATABASE: "b.duckdb" };
    expect(resolveConfig(spec, { ...at, config: context({ env, secrets }) }).credentials).toEqual({
      database: "b.duckdb",
    });
  });

  test("an asynchronous check is refused", () => {
    const validate = {
      "~standard": { version: 1, vendor: "test", validate: async (value: unknown) => ({ value }) },
    } as const;
    expect(() => fromText({ validate }, "x")).toThrow(/its check is asynchronous/);
  });
});

describe("secrets", () => {
  const spec = { token: secretField };

  test("are revealed by their method and print nowhere", () => {
    const env = { SOURCES__NOTION__TOKEN: "hunter2" };
    for (const given of [{}, { token: "hunter2" }, { token: secretOf("hunter2") }]) {
      const { token } = resolveConfig(spec, { ...notion, config: context({ env }), given });
      expect(token.reveal()).toBe("hunter2");
      for (const text of [
        `${String(token)}`,
        JSON.stringify({ token }),
        inspect({ token }, { showHidden: true, depth: 9 }),
      ]) {
        expect(text).not.toContain("hunter2");
      }
    }
  });

  test("in config.toml are an error that does not show them", () => {
    const error = failure(spec, { config: { "sources.token": "hunter2" } });
    expect(error.code).toBe("CONFIG_SECRET_EXPOSED");
    expect(String(error)).toContain("`sources.token`");
    expect(inspect(error)).not.toContain("hunter2");
  });

  test("do not show when they cannot be read", () => {
    const parse = (native: unknown): never => {
      throw new Error(`cannot read ${String(native)}`);
    };
    const error = failure({ token: { secret: true, parse } }, { env: { TOKEN: "hunter2" } });
    expect(error.code).toBe("CONFIG_VALUE_INVALID");
    expect(inspect(error)).not.toContain("hunter2");
  });

  test("are not in the trace", () => {
    const settings: ResolvedSetting[] = [];
    const env = { TOKEN: "hunter2", SOURCES__SIZE: "3" };
    resolveConfig(
      { token: secretField, size: field({ default: 1 }), name: field() },
      { ...notion, config: context({ env, onResolved: (setting) => settings.push(setting) }), given: { name: "n" } },
    );
    expect(settings).toEqual([
      {
        owner: notion.owner,
        key: "token",
        sections: [],
        providerName: "Environment Variables",
        isSecret: true,
        value: null,
        defaultValue: null,
      },
      {
        owner: notion.owner,
        key: "size",
        sections: ["sources"],
        providerName: "Environment Variables",
        isSecret: false,
        value: 3,
        defaultValue: 1,
      },
      {
        owner: notion.owner,
        key: "name",
        sections: notion.sections,
        providerName: "ExplicitValues",
        isSecret: false,
        value: "n",
        defaultValue: null,
      },
    ]);
  });
});

describe("a group of settings", () => {
  const credentials: ConfigGroup<unknown> = {
    secret: true,
    fields: { host: field<string>(), port: field({ default: 5432 }), password: secretField },
    parse: (native) => {
      const url = new URL(String(native));
      return {
        host: url.hostname,
        ...(url.port !== "" && { port: Number(url.port) }),
        ...(url.password !== "" && { password: url.password }),
      };
    },
  };
  const at = { owner: "Destination `postgres`", sections: ["destination", "postgres"] };
  const resolve = (places: Places, given?: Readonly<Record<string, unknown>>) => {
    const options = { ...at, config: context(places), ...(given && { given }) };
    return resolveConfig({ credentials }, options).credentials as { host: string; port: number; password: Secret };
  };

  test("is looked up part by part", () => {
    const value = resolve({
      env: { DESTINATION__POSTGRES__CREDENTIALS__HOST: "db", CREDENTIALS__PORT: "5433" },
      secrets: { "destination.credentials.password": "hunter2" },
    });
    expect(value).toMatchObject({ host: "db", port: 5433 });
    expect(value.password.reveal()).toBe("hunter2");
  });

  test("a native value gives some parts, the others are looked up", () => {
    const value = resolve({
      env: { CREDENTIALS: "postgresql://user@db/x", CREDENTIALS__PASSWORD: "hunter2", CREDENTIALS__HOST: "ignored" },
    });
    expect(value).toMatchObject({ host: "db", port: 5432 });
    expect(value.password.reveal()).toBe("hunter2");
    expect(resolve({}, { credentials: "postgresql://user:pw@db:1/x" })).toMatchObject({ host: "db", port: 1 });
  });

  test("names the part that is missing", () => {
    expect(() => resolve({ env: { CREDENTIALS: "postgresql://user@db/x" } })).toThrow(
      /Destination `postgres` needs the setting `credentials\.password`\.\n.*\n {2}Environment Variables: DESTINATION__POSTGRES__CREDENTIALS__PASSWORD\n {2}Environment Variables: DESTINATION__CREDENTIALS__PASSWORD\n {2}Environment Variables: CREDENTIALS__PASSWORD/,
    );
  });

  test("that is optional and not complete is left out", () => {
    const options = { ...at, config: context({ env: { CREDENTIALS__HOST: "db" } }) };
    expect(resolveConfig({ credentials: { ...credentials, optional: true } }, options).credentials).toBeUndefined();
  });
});

test("settings that are made of variables set since the last look-up count, at the cost of one listing of the names", () => {
  const variables: Record<string, string> = {};
  let listings = 0;
  const env = new Proxy(variables, {
    ownKeys(target) {
      listings++;
      return Reflect.ownKeys(target);
    },
  });
  const config: ConfigContext = {
    providers: [environmentProvider({ env, secretsDir: "/nowhere" })],
    pipelineName: "shop",
    profile: null,
  };
  const parts = field({ optional: true, parse: (native) => native });
  const lookUp = () => resolveConfig({ first: parts, second: parts }, { ...notion, config });
  expect(lookUp()).toEqual({ first: undefined, second: undefined });
  variables["FIRST__HOST"] = "db";
  variables["SOURCES__SECOND__PORT"] = "1";
  listings = 0;
  expect(lookUp()).toEqual({ first: { host: "db" }, second: { port: "1" } });
  expect(listings).toBe(1);
});

test.each([
  ["accessToken", "access_token"],
  ["s3UrlStyle", "s3_url_style"],
  ["already_snake", "already_snake"],
])("the key of %s is %s", (name, key) => {
  expect(settingKey(name)).toBe(key);
});
