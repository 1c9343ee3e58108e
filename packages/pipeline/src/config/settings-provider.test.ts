import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { ConfigError, type ConfigSpec, resource, type Secret, secret, setting, source } from "@dlt/core";
import { installSettings } from "@dlt/core/engine";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import type { ConfigContext } from "./config-context.js";
import { environmentProvider } from "./environment-provider.js";
import { registeredProviders, registerProvider } from "./registered-providers.js";
import { resolveConfig, resolveConfigLater, settingsLookup } from "./resolve-config.js";
import type { SettingsProvider } from "./settings-provider.js";
import { type VaultOptions, vault } from "./vault.js";

afterEach(() => installSettings(undefined));

async function registered(
  provider: SettingsProvider,
  { env = {}, pipelineName = null as string | null } = {},
): Promise<ConfigContext> {
  const { unregister } = await registerProvider(provider);
  onTestFinished(unregister);
  return {
    providers: [environmentProvider({ env, secretsDir: "/nowhere" }), ...registeredProviders()],
    pipelineName,
    profile: null,
  };
}

const github = { owner: "Source `github`", sections: ["sources", "github", "github"] };

/** A place whose values are fetched, and what was asked for. */
function slowPlace(values: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const place: SettingsProvider = {
    name: "Slow",
    fetch: async (path) => {
      asked.push(path.join("."));
      return values[path.join(".")];
    },
  };
  return { place, asked };
}

describe("a place that is asked for single values", () => {
  test("is asked when the value was not found before, and once for each key", async () => {
    const { place, asked } = slowPlace({ "sources.github.token": "hidden" });
    const config = await registered(place, { env: { PER_PAGE: "5" } });
    const spec = { token: secret(), perPage: setting({ default: 1 }) };
    const found = await resolveConfigLater(spec, { ...github, config });
    expect([found.token.reveal(), found.perPage]).toEqual(["hidden", 5]);
    expect(asked).toEqual(["sources.github.github.token", "sources.github.token", "sources.token", "token"]);
    await resolveConfigLater(spec, { ...github, config });
    expect(asked).toHaveLength(4);
  });

  test("gives below the name of a pipeline before all other places", async () => {
    const { place } = slowPlace({ "p.sources.github.token": "of the pipeline" });
    const config = await registered(place, { env: { TOKEN: "env" }, pipelineName: "p" });
    expect((await resolveConfigLater({ token: secret() }, { ...github, config })).token.reveal()).toBe(
      "of the pipeline",
    );
  });

  test("is named with its keys when it has nothing", async () => {
    const { place } = slowPlace({});
    const config = await registered({ ...place, keyOf: (path) => `kv/${path.join("/")}` });
    await expect(resolveConfigLater({ token: secret() }, { ...github, config })).rejects.toThrow(
      /\n {2}Slow: kv\/sources\/github\/github\/token\n {2}Slow: kv\/sources\/github\/token\n/,
    );
  });

  test("reports as where a value came from, without it", async () => {
    const { place } = slowPlace({ token: "hidden" });
    const reports: unknown[] = [];
    const config = { ...(await registered(place)), onResolved: (report: unknown) => void reports.push(report) };
    await resolveConfigLater({ token: secret() }, { ...github, config });
    expect(reports).toEqual([
      expect.objectContaining({ providerName: "Slow", key: "token", isSecret: true, value: null }),
    ]);
  });

  test("that fails is told of by its kind alone, and asked again the next time", async () => {
    let calls = 0;
    const config = await registered({
      name: "Broken",
      fetch: async () => {
        if (++calls > 1) return "there";
        throw Object.assign(new TypeError("GET https://vault?token=hidden failed"), { code: "ECONNREFUSED" });
      },
    });
    const spec = { token: secret("token") };
    const error: unknown = await resolveConfigLater(spec, { ...github, config }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CONFIG_PROVIDER_FAILED",
      message: "The settings of Broken could not give `token` (TypeError, ECONNREFUSED).",
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hidden");
    expect((await resolveConfigLater(spec, { ...github, config })).token.reveal()).toBe("there");
  });

  test("may throw an error of the library, which is shown", async () => {
    const own = new ConfigError("ACME:VAULT_SEALED", "The vault is sealed.", { hint: "Unseal it." });
    const config = await registered({ name: "Sealed", fetch: () => Promise.reject(own) });
    await expect(resolveConfigLater({ token: secret() }, { ...github, config })).rejects.toBe(own);
  });

  test("without secrets is no place for one", async () => {
    const { place } = slowPlace({ token: "hidden" });
    const config = await registered({ ...place, holdsSecrets: false });
    await expect(resolveConfigLater({ token: secret() }, { ...github, config })).rejects.toMatchObject({
      code: "CONFIG_SECRET_EXPOSED",
    });
  });
});

describe("a place that has all its values at once", () => {
  test("has them synchronously, or once it is registered", async () => {
    const table = { sources: { github: { token: "hidden" } } };
    for (const load of [() => table, async () => table]) {
      const config = await registered({ name: `Loaded ${String(load).length}`, load });
      expect(resolveConfig({ token: secret() }, { ...github, config }).token.reveal()).toBe("hidden");
    }
  });

  test("that gives something else is refused and not kept", async () => {
    const wrong = { name: "Wrong", load: () => ["hidden"] as never };
    await expect(registerProvider(wrong)).rejects.toMatchObject({ code: "CONFIG_PROVIDER_FAILED" });
    const failing = { name: "Wrong", load: () => Promise.reject(new Error("hidden")) };
    await expect(registerProvider(failing)).rejects.toMatchObject({
      message: "The settings of Wrong could not be loaded (Error).",
    });
    expect(registeredProviders()).toEqual([]);
  });

  test("is searched until it is taken away", async () => {
    {
      using registration = await registerProvider({ name: "Short", load: () => ({ a: 1 }) });
      expect(registeredProviders().map(({ name }) => name)).toEqual(["Short"]);
      expect(registration.unregister).toBeTypeOf("function");
    }
    expect(registeredProviders()).toEqual([]);
  });
});

describe("sources", () => {
  const seen = (token: Secret) => [resource({ name: "seen" }, () => [{ token: token.reveal() }])];

  test("with a synchronous function are ready at once: their secrets are fetched when rows are read", async () => {
    const { place, asked } = slowPlace({ "sources.github.token": "hidden" });
    installSettings(settingsLookup(await registered(place)));
    const made = source({ name: "github", config: { token: secret() } }, ({ token }) => {
      expect(() => token.reveal()).toThrow(expect.objectContaining({ code: "CONFIG_SECRET_NOT_FETCHED" }));
      return seen(token);
    })();
    expect(asked).toEqual([]);
    const rows: unknown[] = [];
    for await (const row of made.resources.seen) rows.push(row);
    expect(rows).toEqual([{ token: "hidden" }]);
  });

  test("with a synchronous function fail when rows are read, if the secret is nowhere", async () => {
    const { place } = slowPlace({});
    installSettings(settingsLookup(await registered(place)));
    const made = source({ name: "github", config: { token: secret() } }, ({ token }) => seen(token))();
    const read = async () => {
      for await (const _ of made.resources.seen) expect.unreachable();
    };
    await expect(read()).rejects.toMatchObject({ cause: { code: "CONFIG_FIELD_MISSING" } });
  });

  test("with an asynchronous function get everything that such a place has", async () => {
    const { place } = slowPlace({ "sources.github.token": "hidden", "sources.github.base": "https://api" });
    installSettings(settingsLookup(await registered(place)));
    const github = source(
      { name: "github", config: { token: secret(), base: setting({ type: "text" }) } },
      async ({ token, base }) => {
        expect([token.reveal(), base]).toEqual(["hidden", "https://api"]);
        return seen(token);
      },
    );
    expect((await github()).resources.seen.name).toBe("seen");
  });

  test("with a synchronous function are told that other settings were not asked for", async () => {
    const { place } = slowPlace({ "sources.github.base": "https://api" });
    const config = await registered(place);
    expect(() => resolveConfig({ base: setting() }, { ...github, config })).toThrow(
      /Slow was not asked, because it answers later/,
    );
  });
});

describe("a vault", () => {
  const spec = { token: secret(), perPage: setting({ default: 1 }) } satisfies ConfigSpec;
  const read = (
    texts: Readonly<Record<string, string>>,
    options: Partial<VaultOptions> & { readonly pipelineName?: string } = {},
  ) => {
    const asked: string[] = [];
    const { pipelineName = null, ...vaultOptions } = options;
    const made = vault({
      name: "Google Secrets",
      read: async (name) => {
        asked.push(name);
        return texts[name];
      },
      ...vaultOptions,
    });
    const found = async () =>
      await resolveConfigLater(spec, { ...github, config: await registered(made, { pipelineName }) });
    return { asked, found };
  };

  test("has one document for all", async () => {
    const { asked, found } = read({ dlt_secrets_toml: '[sources.github]\ntoken = "t"\nper_page = 7' });
    const { token, perPage } = await found();
    expect([token.reveal(), perPage]).toEqual(["t", 7]);
    expect(asked).toEqual(["dlt_secrets_toml", "sources", "sources-github"]);
  });

  test("has documents for sections, as TOML, YAML or JSON, the more specific of which win", async () => {
    const { asked, found } = read(
      {
        dlt_secrets_toml: "",
        "p-dlt_secrets_toml": 'sources.token = "1"',
        sources: "sources:\n  token: '2'\n  github:\n    token: '3'",
        "sources-github": '{ "sources": { "github": { "token": "4" } } }',
      },
      { pipelineName: "p" },
    );
    expect((await found()).token.reveal()).toBe("4");
    expect(asked).toEqual([
      "dlt_secrets_toml",
      "p-dlt_secrets_toml",
      "sources",
      "sources-github",
      "p-sources",
      "p-sources-github",
    ]);
  });

  test("is asked for single values where it shall be, and for other settings where they may be there", async () => {
    const texts = { "sources-github-token": "12", "sources-github-per_page": "9" };
    await expect(read(texts).found()).rejects.toMatchObject({ code: "CONFIG_FIELD_MISSING" });
    const { token, perPage } = await read(texts, { name: "All", onlyFragments: false, onlySecrets: false }).found();
    expect([token.reveal(), perPage]).toEqual(["12", 9]);
  });

  test("that lists its names is read for these alone", async () => {
    const { asked, found } = read(
      { sources: 'sources.token = "t"' },
      { list: async () => ["sources", "something-else"] },
    );
    expect([(await found()).token.reveal(), asked]).toEqual(["t", ["sources"]]);
  });

  test("spells names as it wants them", async () => {
    const slashes = { nameOf: (path: readonly string[]) => path.join("/"), onlyFragments: false };
    const { asked, found } = read({ "sources/github/token": "t" }, slashes);
    expect((await found()).token.reveal()).toBe("t");
    expect(asked).toContain("sources/github");
  });

  test("over HTTP: a server of the protocol of HashiCorp Vault", async () => {
    const requests: string[] = [];
    const server = createServer((request: IncomingMessage, answer) => {
      requests.push(`${request.url} ${request.headers["x-vault-token"]}`);
      const found = request.url === "/v1/secret/data/sources-github";
      answer.writeHead(found ? 200 : 404, { "content-type": "application/json" });
      answer.end(
        JSON.stringify(found ? { data: { data: { toml: '[sources.github]\ntoken = "t"' } } } : { errors: [] }),
      );
    }).listen(0);
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { found } = read(
      {},
      {
        name: "HashiCorp Vault",
        read: async (name) => {
          const answer = await fetch(`http://localhost:${port}/v1/secret/data/${name}`, {
            headers: { "X-Vault-Token": "root" },
          });
          if (answer.status === 404) return undefined;
          const { data } = (await answer.json()) as { readonly data: { readonly data: { readonly toml: string } } };
          return data.data.toml;
        },
      },
    );
    expect((await found()).token.reveal()).toBe("t");
    expect(requests).toEqual(
      ["dlt_secrets_toml", "sources", "sources-github"].map((name) => `/v1/secret/data/${name} root`),
    );
  });
});
