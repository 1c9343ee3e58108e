import { ConfigError } from "@dlt/core";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { DuckdbDatabase, DuckdbSettings } from "./credentials.js";
import { invalidCredentials } from "./invalid-credentials.js";

/** A path, or what is open already. */
export function parseDatabase(native: unknown): DuckdbDatabase {
  if (isInstance(native) || isConnection(native)) return native;
  if (typeof native !== "string") throw invalidCredentials("need text for `database`");
  if (native.startsWith(":memory:") || native === "") throw inMemory();
  return native;
}

// Told apart by their methods, because an application may have its own copy of the driver.
export function isInstance(value: unknown): value is DuckDBInstance {
  return hasMethods(value, ["connect", "closeSync"]);
}

export function isConnection(value: unknown): value is DuckDBConnection {
  return hasMethods(value, ["run", "interrupt"]);
}

export function parseExtensions(native: unknown): readonly string[] {
  const names = textsOf(native, "extensions");
  for (const name of names) checkWord(name, "extensions");
  return names;
}

/** Names, also with a value: `threads = 2`, `memory_limit = '1GB'`. */
export function parsePragmas(native: unknown): readonly string[] {
  const pragmas = textsOf(native, "pragmas");
  if (!pragmas.every((pragma) => /^\w+(?:\s*=\s*(?:[\w.]+|'[^']*'))?$/.test(pragma)))
    throw invalidCredentials("have something else than a name, or a name with `=` and its value, in `pragmas`");
  return pragmas;
}

export function parseSettings(field: string): (native: unknown) => DuckdbSettings {
  return (native) => {
    const object = fromJsonText(native);
    if (typeof object !== "object" || object === null || Array.isArray(object))
      throw invalidCredentials(`need an object for \`${field}\``);
    const settings: Record<string, string | number | boolean> = {};
    for (const [name, value] of Object.entries(object)) {
      checkWord(name, field);
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean")
        throw invalidCredentials(`need text, a number, true or false for \`${name}\` of \`${field}\``);
      settings[name] = value;
    }
    return settings;
  };
}

/** Options of `ATTACH`, but for those that are settings of their own. */
export function parseAttachOptions(native: unknown): DuckdbSettings {
  const options = parseSettings("attach_options")(native);
  for (const name of Object.keys(options)) {
    const own = ownSettings[name.toLowerCase()];
    if (own !== undefined) throw invalidCredentials(`have \`${name}\` in \`attach_options\`: it is the setting ${own}`);
  }
  return options;
}

const ownSettings: Readonly<Record<string, string>> = {
  encryption_key: "`encryption_key`, which is kept secret",
  read_only: "`read_only`",
  readonly: "`read_only`",
  read_write: "`read_only`",
  readwrite: "`read_only`",
  access_mode: "`read_only`",
};

function textsOf(native: unknown, field: string): readonly string[] {
  const texts = fromJsonText(native);
  if (!Array.isArray(texts) || !texts.every((item) => typeof item === "string"))
    throw invalidCredentials(`need a list of names for \`${field}\``);
  return texts;
}

/** Lists and objects are JSON in variables. */
function fromJsonText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Names go into statements as they are. */
function checkWord(word: string, field: string): void {
  if (!/^\w+$/.test(word))
    throw invalidCredentials(`have a name with other characters than letters, digits and \`_\` in \`${field}\``);
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  return methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === "function");
}

function inMemory(): ConfigError {
  return new ConfigError(
    "DESTINATION_IN_MEMORY",
    "The credentials of `duckdb` name a database in memory, whose rows would be lost.",
    {
      hint: "Name a file, or hand over what you keep open: duckdb({ credentials: await DuckDBInstance.create() }).",
    },
  );
}
