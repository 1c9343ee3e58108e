import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import type { FetchSettingOptions, SettingsProvider } from "./settings-provider.js";
import { isTable, mergeTables, TableValues } from "./table-values.js";
import { plainValue } from "./toml-provider.js";

export interface VaultOptions {
  /** As it appears in messages and traces, e.g. `Google Secrets`. */
  readonly name: string;
  /** The text of the secret of this name; `undefined`: there is none. */
  read(secretName: string): Promise<string | undefined>;
  /** The names of all secrets. Given, those that are not among them are not read. */
  list?(): Promise<readonly string[]>;
  /** Only secrets are looked up, not other settings. Default: true. */
  readonly onlySecrets?: boolean;
  /** Only documents are read, such as `sources-github`, no single values such as `sources-github-access_token`. Default: true. */
  readonly onlyFragments?: boolean;
  /** How a path is spelled. Default: `sources-github-access_token`, without spaces and signs other than `-` and `_`. */
  nameOf?(path: readonly string[]): string;
}

/**
 * A vault whose secrets are documents: TOML, YAML or JSON, with sections as in `secrets.toml`. `dlt_secrets_toml` is read first. A value
 * that is not there is looked for in `<pipeline>-dlt_secrets_toml`, `sources` and `sources-<name>`, `destination` and
 * `destination-<name>`, and in these below the name of the pipeline; more specific ones win. Each secret is read once.
 */
export function vault(options: VaultOptions): SettingsProvider {
  const { name, onlySecrets = true, onlyFragments = true, nameOf = dashed } = options;
  const secrets = new CachedSecrets(options);
  let document: Readonly<Record<string, unknown>> = {};
  const merged = new Set<string>();
  const merge = async (secretName: string): Promise<void> => {
    if (merged.has(secretName)) return;
    const text = await secrets.read(secretName);
    merged.add(secretName);
    const fragment = text === undefined ? null : fragmentOf(text);
    if (fragment !== null) document = mergeTables(fragment, document);
  };
  const find = (path: readonly string[]): unknown => new TableValues(document, name).find(path);
  // One look-up after the other: of fragments that come together the more specific has to be merged last.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async (work: () => Promise<unknown>): Promise<unknown> => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return await mine;
  };
  return {
    name,
    keyOf: nameOf,
    fetch: (path: readonly string[], { secret, pipelineName }: FetchSettingOptions) =>
      inTurn(async () => {
        await merge("dlt_secrets_toml");
        const known = find(path);
        if (known !== undefined) return known;
        if (onlySecrets && !secret) return undefined;
        for (const fragment of fragmentsFor(path, pipelineName)) await merge(nameOf(fragment));
        const found = find(path);
        return found !== undefined || onlyFragments ? found : await secrets.read(nameOf(path));
      }),
  };
}

/** Names of documents that may have the value, the most specific last. */
function fragmentsFor(path: readonly string[], pipelineName: string | null): readonly (readonly string[])[] {
  const prefix = pipelineName === null ? [] : [pipelineName];
  const sections = path.slice(prefix.length);
  const fragments = pipelineName === null ? [] : [[pipelineName, "dlt_secrets_toml"]];
  const ends = ["sources", "destination"].flatMap((top) => {
    const at = sections.indexOf(top);
    return at === -1 ? [] : [at + 1, at + 2].filter((length) => length < sections.length);
  });
  for (const before of pipelineName === null ? [[]] : [[], prefix])
    for (const length of ends) fragments.push([...before, ...sections.slice(0, length)]);
  return fragments;
}

const documentParsers: readonly ((text: string) => unknown)[] = [(text) => parseToml(text), (text) => parseYaml(text)];

/** A document as tables; `null` for any other text. */
function fragmentOf(text: string): Readonly<Record<string, unknown>> | null {
  for (const parse of documentParsers) {
    try {
      const value = plainValue(parse(text));
      if (isTable(value)) return value;
    } catch {
      // It is of another format. JSON is YAML.
    }
  }
  return null;
}

class CachedSecrets {
  readonly #options: VaultOptions;
  readonly #texts = new Map<string, string | undefined>();
  #names: ReadonlySet<string> | null = null;

  constructor(options: VaultOptions) {
    this.#options = options;
  }

  async read(secretName: string): Promise<string | undefined> {
    if (this.#texts.has(secretName)) return this.#texts.get(secretName);
    if (this.#options.list !== undefined) this.#names ??= new Set(await this.#options.list());
    const text = this.#names?.has(secretName) === false ? undefined : await this.#options.read(secretName);
    this.#texts.set(secretName, text);
    return text;
  }
}

function dashed(path: readonly string[]): string {
  return path.map((part) => part.replaceAll(/[^\p{L}\p{N}_-]/gu, "")).join("-");
}
