import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@dlt/core";
import { parse, TomlDate, TomlError, type TomlTable } from "smol-toml";
import type { ConfigLocation, ConfigProvider } from "./config-provider.js";
import { isTable, mergeTables, TableValues } from "./table-values.js";
import { tomlFailure } from "./toml-failure.js";

export interface TomlOptions {
  /** `secrets.toml` or `config.toml`: also the name of the provider. */
  readonly fileName: string;
  readonly holdsSecrets: boolean;
  /** Folders that may have the file; what stands in an earlier one wins. */
  readonly folders: readonly string[];
  /** What the program has set so far; it wins over the files. */
  readonly written?: () => Readonly<Record<string, unknown>>;
  /** In each folder `<profile>.<fileName>` comes before the file itself; `null`: there are no profiles. */
  readonly profile: string | null;
}

/**
 * Reads TOML files, merged table by table. A path is looked up as it is spelled: nothing is folded.
 * @throws ConfigError `CONFIG_FILE_INVALID`
 */
export function tomlProvider(options: TomlOptions): ConfigProvider {
  const { fileName, holdsSecrets, folders, profile, written = () => nothing } = options;
  const names = profile === null ? [fileName] : [`${profile}.${fileName}`, fileName];
  const locations: ConfigLocation[] = [];
  let document: Readonly<Record<string, unknown>> = nothing;
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      const table = readToml(path);
      locations.push({ path, found: table !== null });
      if (table !== null) document = mergeTables(document, table);
    }
  }
  let merged = { written: nothing, values: new TableValues(document, fileName) };
  const values = (): TableValues => {
    const now = written();
    if (now !== merged.written)
      merged = { written: now, values: new TableValues(mergeTables(now, document), fileName) };
    return merged.values;
  };
  return {
    name: fileName,
    holdsSecrets,
    get isEmpty() {
      return values().keysAt([]).length === 0;
    },
    locations,
    keyOf: (path) => path.filter((part) => part !== "").join("."),
    find: (path) => plainValue(values().find(path)),
    keysAt: (path) => values().keysAt(path),
  };
}

const nothing: Readonly<Record<string, unknown>> = {};

function readToml(path: string): TomlTable | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new ConfigError("CONFIG_FILE_INVALID", `Could not read \`${path}\`: ${code ?? String(error)}.`, {
      hint: "Let this process read the file, or remove it.",
      context: { path },
      cause: error,
    });
  }
  try {
    return parse(text.replace(/^\uFEFF/, ""), { integersAsBigInt: "asNeeded" });
  } catch (error) {
    throw error instanceof TomlError ? tomlFailure(path, error) : error;
  }
}

/** Dates and times as ISO text; everything else as it is. */
export function plainValue(value: unknown): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
