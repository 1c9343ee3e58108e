import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@dlt/core";
import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from "smol-toml";
import type { ConfigLocation, ConfigPath, ConfigProvider } from "./config-provider.js";

export interface TomlOptions {
  /** `secrets.toml` or `config.toml`: also the name of the provider. */
  readonly fileName: string;
  readonly holdsSecrets: boolean;
  /** Folders that may have the file; what stands in an earlier one wins. */
  readonly folders: readonly string[];
  /** In each folder `<profile>.<fileName>` comes before the file itself; `null`: there are no profiles. */
  readonly profile: string | null;
}

/**
 * Reads TOML files, merged table by table. A path is looked up as it is spelled: nothing is folded.
 * @throws ConfigError `CONFIG_FILE_INVALID`
 */
export function tomlProvider({ fileName, holdsSecrets, folders, profile }: TomlOptions): ConfigProvider {
  const names = profile === null ? [fileName] : [`${profile}.${fileName}`, fileName];
  const locations: ConfigLocation[] = [];
  let document: TomlTable = {};
  for (const folder of folders) {
    for (const name of names) {
      const path = join(folder, name);
      const table = readToml(path);
      locations.push({ path, found: table !== null });
      if (table !== null) document = mergeTables(document, table);
    }
  }
  return {
    name: fileName,
    holdsSecrets,
    isEmpty: Object.keys(document).length === 0,
    locations,
    keyOf: (path) => path.filter((part) => part !== "").join("."),
    find: (path) => plainValue(valueAt(document, path)),
  };
}

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
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line of the message, and no cause: both show lines of the file, which may hold secrets.
    const reason = error.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "");
    const { line, column } = error;
    throw new ConfigError(
      "CONFIG_FILE_INVALID",
      `\`${path}\` is not valid TOML at line ${line}, column ${column}: ${reason}.`,
      {
        hint: `Correct line ${line} of ${path}; texts stand in quotes.`,
        context: { path, line, column },
      },
    );
  }
}

function mergeTables(winner: TomlTable, other: TomlTable): TomlTable {
  const merged: TomlTable = Object.assign(Object.create(null), other);
  for (const [key, value] of Object.entries(winner)) {
    const below = merged[key];
    merged[key] = isTable(value) && isTable(below) ? mergeTables(value, below) : value;
  }
  return merged;
}

function valueAt(document: TomlTable, path: ConfigPath): TomlValue | undefined {
  let value: TomlValue | undefined = document;
  for (const part of path) {
    if (part === "") continue;
    if (!isTable(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);
}

/** Dates and times as ISO text; everything else as it is. */
function plainValue(value: TomlValue | undefined): unknown {
  if (value instanceof TomlDate) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
