import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConfigSpec, type DltError, group, isDltError, secret, setting } from "@dlt/core";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type ConfigContext, loadConfig } from "./config-context.js";
import { loadSettings } from "./engine-settings.js";
import { resolveConfig } from "./resolve-config.js";
import { runContext } from "./run-context.js";

let folder: string;
let warned: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-settings-"));
  await mkdir(join(folder, ".dlt"));
  warned = [];
  vi.spyOn(process, "geteuid").mockReturnValue(1000);
  vi.spyOn(process, "emitWarning").mockImplementation((message, options) => {
    warned.push(`${(options as { code: string }).code}: ${String(message).replaceAll(folder, "~")}`);
  });
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Env = Readonly<Record<string, string>>;

async function load(files: Env, env: Env = {}, pipelineName?: string): Promise<ConfigContext> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, ".dlt", name), text);
  return loadConfig({ env: { HOME: folder, ...env }, cwd: folder }, pipelineName === undefined ? {} : { pipelineName });
}

async function failureOf(work: () => unknown): Promise<DltError> {
  try {
    await work();
  } catch (error) {
    if (isDltError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const shop = { owner: "Source `shop`", sections: ["sources", "shop", "shop"] };

describe("a broken file", () => {
  test.each<[name: string, text: string, where: string, expected: RegExp]>([
    ["a text without quotes", "a = 1\npassword = hidden", "line 2, column 12", /Expected a text in quotes, a number/],
    ["a text without its end", 'password = "hidden', "line 1, column 12", /Expected the quotes that end the text/],
    ["no value", "password =", "line 1, column 11", /Expected a text in quotes/],
    ["no sign of equality", "hidden", "line 1, column 1", /Expected `key = value`/],
    ["a colon", "password: hidden", "line 1, column 9", /Expected `key = value`/],
    ["a list without its end", "a = [1, 2", "line 1, column 10", /Expected a comma or the end of the list/],
    ["two values", "a = 1 2", "line 1, column 7", /Expected the end of the line/],
    ["a key twice", "a = 1\na = 2", "line 2, column 1", /Expected each key and each `\[section\]` once/],
    ["a section twice", "[a]\nx = 1\n[a]", "line 3, column 2", /Expected each key and each `\[section\]` once/],
    ["a date that there is not", "a = 2024-13-01", "line 1, column 5", /Expected a date such as/],
    ["a backslash in a text", String.raw`a = "C:\data"`, "line 1, column 9", /in single quotes/],
  ])("%s: says where, and what was expected", async (_, text, where, expected) => {
    const { code, message, hint } = await failureOf(() => load({ "secrets.toml": text }));
    expect(code).toBe("CONFIG_FILE_INVALID");
    expect(message).toContain(`${join(folder, ".dlt", "secrets.toml")}\` is not valid TOML at ${where}: `);
    expect(message).toMatch(expected);
    expect(`${message} ${hint}`).not.toContain("hidden");
  });

  test("one that this process may not read is not taken for one that is not there", async () => {
    await mkdir(join(folder, ".dlt", "config.toml"));
    const { code, message, hint } = await failureOf(() => load({}));
    expect(code).toBe("CONFIG_FILE_INVALID");
    expect(message).toMatch(/Could not read `.*config\.toml`: EISDIR\./);
    expect(hint).toBe("Let this process read the file, or remove it.");
  });

  // As the superuser may read everything, it becomes somebody else for as long as it reads.
  test.runIf(process.getuid?.() !== undefined)("one of another user says so", async () => {
    vi.mocked(process.geteuid as () => number).mockRestore();
    await load({ "secrets.toml": "" });
    await chmod(folder, 0o755);
    await chmod(join(folder, ".dlt", "secrets.toml"), 0o000);
    const { message } = await failureOf(() =>
      asAnybody(() => loadConfig({ env: { HOME: folder, DLT_DATA_DIR: folder }, cwd: folder })),
    );
    expect(message).toMatch(/Could not read `.*secrets\.toml`: EACCES\./);
  });
});

/** Runs synchronous work with the rights of a user that owns nothing. */
function asAnybody<Result>(work: () => Result): Result {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("the wrong type", () => {
  test.each<[file: string, message: RegExp]>([
    [
      "[load]\nworkers = 'many'",
      /Load cannot use the setting `workers` as `load\.workers` in config\.toml: expected an integer from 1 up\./,
    ],
    ["[load]\nworkers = 0", /expected an integer from 1 up/],
    ["[load]\nworkers = [1]", /expected an integer from 1 up/],
    ["[load]\nraise_on_failed_jobs = 'maybe'", /expected yes or no \(true, false, 1, 0\)/],
    ["[load]\nparallelism_strategy = 'wild'", /expected `parallel`, `table-sequential`, `sequential`/],
  ])("%s", async (text, message) => {
    const config = await load({ "config.toml": text });
    const error = await failureOf(() => loadSettings({ config }));
    expect(error.code).toBe("CONFIG_VALUE_INVALID");
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/^Correct `load\.\w+` in config\.toml\.$/);
  });

  test("of a secret shows nothing of it", async () => {
    const validate = {
      "~standard": { version: 1, vendor: "test", validate: () => ({ issues: [{ message: "hidden is short" }] }) },
    } as const;
    const config = await load({}, { TOKEN: "hidden" });
    const { message } = await failureOf(() =>
      resolveConfig({ token: { ...secret(), validate } } as ConfigSpec, { ...shop, config }),
    );
    expect(message).toMatch(/`TOKEN` in Environment Variables: its check refused it\.$/);
  });
});

describe("a key that looks like another one", () => {
  const spec = { accessToken: secret({ optional: true }), perPage: setting({ default: 100 }) };
  const lookUp = async (files: Env, env: Env = {}, pipelineName?: string) =>
    resolveConfig(spec, { ...shop, config: await load(files, env, pipelineName) });

  test.each<[name: string, files: Env, env: Env, key: string, meant: string]>([
    [
      "a letter too few",
      { "config.toml": "[sources.shop]\nper_pag = 5" },
      {},
      "sources.shop.per_pag",
      "sources.shop.per_page",
    ],
    [
      "two letters the other way round",
      { "config.toml": "sources.shop.shop.pre_page = 5" },
      {},
      "sources.shop.shop.pre_page",
      "sources.shop.shop.per_page",
    ],
    [
      "as in code",
      { "config.toml": "[sources.shop]\nperPage = 5" },
      {},
      "sources.shop.perPage",
      "sources.shop.per_page",
    ],
    [
      "with a dash",
      { "secrets.toml": "sources.shop.access-token = 'x'" },
      {},
      "sources.shop.access-token",
      "sources.shop.access_token",
    ],
    [
      "a variable",
      {},
      { SOURCES__SHOP__ACESS_TOKEN: "x" },
      "SOURCES__SHOP__ACESS_TOKEN",
      "SOURCES__SHOP__ACCESS_TOKEN",
    ],
    ["a section", { "config.toml": "[source.shop]\nper_page = 5" }, {}, "source", "sources"],
    ["a section in a variable", {}, { DESTINATIONS__DUCKDB__CREDENTIALS: "x" }, "DESTINATIONS", "DESTINATION"],
  ])("%s: is told of once", async (_, files, env, key, meant) => {
    await lookUp(files, env);
    await lookUp(files, env);
    expect(warned).toEqual([expect.stringMatching(/^CONFIG_KEY_UNKNOWN: Nothing reads /)]);
    expect(warned[0]).toContain(`\`${key}\``);
    expect(warned[0]).toMatch(new RegExp(`Did you mean \`${meant}\`\\?$`));
  });

  test.each<[name: string, files: Env, env?: Env, pipelineName?: string]>([
    [
      "the setting is there, too",
      { "config.toml": "[sources.shop]\nper_page = 1\nper_pages = 5", "secrets.toml": "access_token = 'x'" },
    ],
    ["it is far from all of them", { "config.toml": "[sources.shop]\npages = 5\nstart_date = 1" }],
    ["it is a section of somebody else", { "config.toml": "[dashboard]\nx = 1\n[jobs]\nx = 1\n[tool]\nx = 1" }],
    ["it is below another source", { "config.toml": "[sources.other]\nper_pag = 5" }],
    ["it is the pipeline", { "config.toml": "[source]\ndataset_name = 'x'" }, {}, "source"],
  ])("nothing is told where %s", async (_, files, env, pipelineName) => {
    await lookUp(files, env, pipelineName);
    expect(warned).toEqual([]);
  });

  test("is named where the setting is missing", async () => {
    const config = await load({ "secrets.toml": "[sources.shop]\nacess_token = 'hidden'" }, {}, "p");
    const { message } = await failureOf(() => resolveConfig({ accessToken: secret() }, { ...shop, config }));
    expect(message).toContain(
      "\nsecrets.toml has `sources.shop.acess_token`, which nothing reads. Did you mean `sources.shop.access_token`?\n",
    );
    expect(message).not.toContain("hidden");
  });
});

describe("a secret in config.toml", () => {
  const exposed = (key: string) =>
    `CONFIG_SECRET_EXPOSED: A secret stands in \`~/.dlt/config.toml\`, under \`${key}\`, where secrets do not belong.`;

  test("that is not needed from there is told of once, by its key", async () => {
    const files = {
      "config.toml": "[sources.shop]\ntoken = 'hidden'",
      "secrets.toml": "[sources.shop]\ntoken = 'real'",
    };
    for (let time = 0; time < 2; time++) {
      const { token } = resolveConfig({ token: secret() }, { ...shop, config: await load(files) });
      expect(token.reveal()).toBe("real");
    }
    expect(warned).toEqual([exposed("sources.shop.token")]);
  });

  test("that nothing asks for is told of by what it is called", async () => {
    await load({ "config.toml": "[any.where]\ndb_password = 'hidden'\npassword_length = 5\napi_key = ''" });
    expect(warned).toEqual([exposed("any.where.db_password")]);
  });

  test("inside a connection string is told of, and the string is used", async () => {
    const credentials = group(
      { host: setting({ type: "text" }), password: secret() },
      { parse: (native: string) => ({ host: native.split("@")[1], password: native.split("@")[0] }) },
    );
    const config = await load({ "config.toml": "[destination.db]\ncredentials = 'hidden@host'" });
    const found = resolveConfig({ credentials }, { owner: "It", sections: ["destination", "db"], config });
    expect(found.credentials.host).toBe("host");
    expect(warned).toEqual([exposed("destination.db.credentials")]);
  });

  test("that would be taken from there is an error", async () => {
    const config = await load({ "config.toml": "[sources.shop]\naccess_key = 'hidden'" });
    const { code, message, hint } = await failureOf(() => resolveConfig({ accessKey: secret() }, { ...shop, config }));
    expect([code, hint]).toEqual([
      "CONFIG_SECRET_EXPOSED",
      "Move `sources.shop.access_key` to .dlt/secrets.toml and replace the secret if the file was shared.",
    ]);
    expect(message).not.toContain("hidden");
  });
});

test.each(["<configure me>", "1768-07-21", "1768-07-21T02:56:07.000003Z"])(
  "a placeholder, %s, is told of and used",
  async (text) => {
    const config = await load({ "config.toml": `[sources.shop]\nurl = "${text}"` });
    expect(resolveConfig({ url: setting() }, { ...shop, config }).url).toBe(text);
    expect(warned).toEqual([
      "CONFIG_PLACEHOLDER: `url` is not filled in: `sources.shop.url` in `~/.dlt/config.toml` is a placeholder.",
    ]);
  },
);

test("a vault of Python dlt that is turned on and not there is told of", async () => {
  await load({ "config.toml": "[providers]\nenable_google_secrets = true" });
  expect(warned).toEqual([
    expect.stringMatching(/^CONFIG_PROVIDER_MISSING: `providers\.enable_google_secrets` is set in/),
  ]);
});

test("settings beside the script, which are not read from elsewhere, are named where one is missing", async () => {
  const elsewhere = join(folder, "elsewhere");
  await mkdir(elsewhere);
  const [node, script] = process.argv;
  onTestFinished(() => void process.argv.splice(0, 2, node ?? "", script ?? ""));
  process.argv[1] = join(folder, "main.js");
  const config = loadConfig({ env: { HOME: folder }, cwd: elsewhere });
  const { message } = await failureOf(() => resolveConfig({ url: setting() }, { ...shop, config }));
  expect(message).toContain(`There are settings in ${join(folder, ".dlt")}, which are not read`);
});

describe("a home folder", () => {
  const tmp = join(tmpdir(), "dlt");
  test.each<[name: string, home: () => string, message: string]>([
    ["that is not there", () => join(folder, "missing"), "The home folder `~/missing` is not there"],
    ["that cannot be written", () => "/proc", "The home folder `/proc` cannot be written"],
  ])("%s: a temporary one takes its place, and that is told", async (_, home, message) => {
    expect(runContext({ env: { HOME: home(), X: folder }, cwd: folder }).dataDir).toBe(tmp);
    const told = `HOME_NOT_USABLE: ${message}: pipelines are kept in \`${tmp}\`, which the system may empty.`;
    if (home() !== "/proc") expect(warned).toEqual([told]);
    warned = [];
    expect(runContext({ env: { HOME: home(), DLT_DATA_DIR: folder }, cwd: folder }).dataDir).toBe(folder);
    expect(warned).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)("that nobody knows of: the same", async () => {
    vi.mocked(process.geteuid as () => number).mockRestore();
    await chmod(folder, 0o755);
    vi.stubEnv("HOME", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    // No user has this number.
    process.seteuid?.(3_456_789);
    try {
      // Under another user the system does not say which temporary folder was asked for.
      expect(runContext({ env: {}, cwd: folder }).dataDir).toBe(join(tmpdir(), "dlt"));
    } finally {
      process.seteuid?.(0);
    }
    expect(warned).toEqual([expect.stringMatching(/^HOME_NOT_USABLE: There is no home folder \(HOME is not set\)/)]);
  });
});
