import { ConfigError, isDltError } from "@dlt/core";
import type { ConfigPath, ConfigProvider, LaterValues } from "./config-provider.js";
import { TableValues } from "./table-values.js";

/**
 * A place of settings that an application adds: a vault, a database of its own, another kind of file. Values that it has at once come
 * from `load`, single ones from `fetch`; a place has either or both.
 */
export interface SettingsProvider {
  /** As it appears in messages and traces, e.g. `Vault`. Not that of another place. */
  readonly name: string;
  /** Whether secrets belong there. One that is found in a place where they do not is an error. Default: true. */
  readonly holdsSecrets?: boolean;
  /**
   * All values, by section as in a TOML file: `{ sources: { github: { access_token: "…" } } }`. Called once, when the place is
   * registered.
   */
  load?(): SettingsTable | Promise<SettingsTable>;
  /**
   * The value under a path, such as `["sources", "github", "access_token"]`; `undefined`: there is none. Called when the value is needed
   * and was not found before, once for each path while the process lives; after an error again the next time. A value may be a text, or
   * what TOML could have there. What it throws is not shown, since it may quote a secret, unless it is an error of this library.
   */
  fetch?(path: readonly string[], options: FetchSettingOptions): unknown;
  /** How a path is spelled there, for messages. Default: `sources.github.access_token`. */
  keyOf?(path: readonly string[]): string;
}

export interface FetchSettingOptions {
  /** Whether a secret is looked for. */
  readonly secret: boolean;
  /** The pipeline whose name the path begins with; `null`: it begins with none. */
  readonly pipelineName: string | null;
}

/** Tables in tables, and values. */
export interface SettingsTable {
  readonly [key: string]: unknown;
}

/** A provider as a place that is searched. `loaded` settles once what it has at once is there. */
export interface OpenedProvider {
  readonly place: ConfigProvider;
  readonly loaded: Promise<void>;
}

/** @throws ConfigError `CONFIG_PROVIDER_FAILED` when `load` throws at once */
export function openProvider(provider: SettingsProvider): OpenedProvider {
  const { name, holdsSecrets = true } = provider;
  const keyOf = (path: ConfigPath): string => {
    const parts = path.filter((part) => part !== "");
    return provider.keyOf?.(parts) ?? parts.join(".");
  };
  let table: TableValues | null = null;
  const taken = (values: unknown): void => {
    table = new TableValues(values, name);
  };
  const loading = withoutDetails(name, "be loaded", () => provider.load?.() ?? {});
  const loaded = isPromise(loading)
    ? withoutDetailsLater(name, "be loaded", async () => await loading).then(taken)
    : Promise.resolve(taken(loading));
  const fetched = new FetchedValues(provider, keyOf);
  const later: LaterValues = {
    isUnknown: (path, ask) => table === null || fetched.isUnknown(path, ask),
    fetch: async (path, ask) => {
      await loaded;
      if (table?.find(path) === undefined) await fetched.fetch(path, ask);
    },
  };
  const place: ConfigProvider = {
    name,
    holdsSecrets,
    isEmpty: false,
    locations: [],
    keyOf,
    find: (path, { secret }) => table?.find(path) ?? fetched.find(path, secret),
    keysAt: (path) => table?.keysAt(path) ?? [],
    ...((provider.fetch !== undefined || isPromise(loading)) && { later }),
  };
  return { place, loaded };
}

/** Values that were fetched, also those that are not there. */
class FetchedValues {
  readonly #provider: SettingsProvider;
  readonly #keyOf: (path: ConfigPath) => string;
  readonly #known = new Map<string, unknown>();
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(provider: SettingsProvider, keyOf: (path: ConfigPath) => string) {
    this.#provider = provider;
    this.#keyOf = keyOf;
  }

  find(path: ConfigPath, secret: boolean): unknown {
    return this.#known.get(slot(path, secret));
  }

  isUnknown(path: ConfigPath, { secret }: FetchSettingOptions): boolean {
    return this.#provider.fetch !== undefined && !this.#known.has(slot(path, secret));
  }

  async fetch(path: ConfigPath, options: FetchSettingOptions): Promise<void> {
    const at = slot(path, options.secret);
    if (this.#known.has(at)) return;
    const started = this.#underWay.get(at) ?? this.#ask(at, path, options).finally(() => this.#underWay.delete(at));
    this.#underWay.set(at, started);
    await started;
  }

  async #ask(at: string, path: ConfigPath, options: FetchSettingOptions): Promise<void> {
    const { name } = this.#provider;
    const value = await withoutDetailsLater(name, `give \`${this.#keyOf(path)}\``, async () => {
      return await this.#provider.fetch?.(path, options);
    });
    this.#known.set(at, value ?? undefined);
  }
}

function slot(path: ConfigPath, secret: boolean): string {
  return `${secret ? "secret" : "plain"}\0${path.join("\0")}`;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null && typeof (value as Promise<unknown>).then === "function";
}

function withoutDetails<Value>(name: string, task: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw failed(name, task, error);
  }
}

async function withoutDetailsLater<Value>(name: string, task: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw failed(name, task, error);
  }
}

/** Without message and cause of what was thrown: clients of vaults quote addresses with tokens. */
function failed(name: string, task: string, error: unknown): unknown {
  if (isDltError(error)) return error;
  const {
    name: kind,
    code,
    status,
  } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly status?: unknown;
  };
  const known = [kind, code, status].filter((part) => typeof part === "number" || isWord(part));
  return new ConfigError(
    "CONFIG_PROVIDER_FAILED",
    `The settings of ${name} could not ${task}${known.length === 0 ? "" : ` (${known.join(", ")})`}.`,
    {
      hint: `Check that ${name} can be reached, and that this program may read there; then run again.`,
      context: { provider: name },
    },
  );
}

function isWord(part: unknown): boolean {
  return typeof part === "string" && /^[A-Za-z][\w.]{0,40}$/.test(part);
}
