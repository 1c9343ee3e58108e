import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@dlt/core";
import { parse, TomlDate, TomlError, type TomlTable, type TomlValue } from "smol-toml";

/** A key of `secrets.toml`, and how it is called elsewhere. Its value stays where it is. */
export interface SecretKey {
  /** As people write it, e.g. `sources.github.access_token`. */
  readonly key: string;
  /** Environment variable that the library looks it up as, e.g. `SOURCES__GITHUB__ACCESS_TOKEN`. */
  readonly variable: string;
  /** The same with nothing but letters, digits and `_`, as stores of secrets want names. */
  readonly secret: string;
}

/**
 * The keys of `.dlt/secrets.toml` of a project, in their order; none without the file.
 * @throws ConfigError `CONFIG_FILE_INVALID`
 */
export function secretKeys(projectFolder: string): readonly SecretKey[] {
  const path = join(projectFolder, ".dlt", "secrets.toml");
  if (!existsSync(path)) return [];
  return leaves(documentOf(path)).map((parts) => {
    const variable = parts.join("__").toUpperCase();
    return {
      key: parts.join("."),
      variable,
      secret: variable.replace(/[^A-Z0-9_]/g, "_").replace(/^(?=\d|GITHUB_)/, "_"),
    };
  });
}

function documentOf(path: string): TomlTable {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Neither its message nor a cause: both show lines of the file.
    throw new ConfigError(
      "CONFIG_FILE_INVALID",
      `\`${path}\` is not valid TOML at line ${error.line}, column ${error.column}.`,
      {
        hint: `Correct line ${error.line}; texts stand in quotes.`,
      },
    );
  }
}

function leaves(table: TomlTable, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(table).flatMap(([key, value]) =>
    isTable(value) ? leaves(value, [...above, key]) : [[...above, key]],
  );
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}
