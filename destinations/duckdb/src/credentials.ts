import { isAbsolute, join } from "node:path";
import { ConfigError } from "@dlt/core";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** What stands for a database: a file with its settings, or one that is open already. */
export interface DuckdbCredentials {
  /** Path of the file, relative to the folder for local files. Default: `<pipeline or destination name>.duckdb`. */
  readonly database?: string;
  readonly readOnly?: boolean;
  /** Extensions to load, e.g. `["httpfs"]`. They have to be installed. */
  readonly extensions?: readonly string[];
  /** `SET GLOBAL`, e.g. `{ threads: 2, memory_limit: "1GB" }`. Counts for every client of the file in this process. */
  readonly globalConfig?: Readonly<Record<string, string | number | boolean>>;
  /** `SET SESSION` for each connection. */
  readonly localConfig?: Readonly<Record<string, string | number | boolean>>;
  /** Names of pragmas for each connection, e.g. `["enable_progress_bar"]`. */
  readonly pragmas?: readonly string[];
}

/** A path, `duckdb:///<path>`, settings, or an open instance or connection: that stays open, and may be in memory. */
export type DuckdbNativeCredentials = string | DuckdbCredentials | DuckDBInstance | DuckDBConnection;

/** Credentials as they were checked. */
export type DuckdbTarget =
  | { readonly kind: "file"; readonly credentials: DuckdbCredentials }
  | { readonly kind: "instance"; readonly instance: DuckDBInstance }
  | { readonly kind: "connection"; readonly connection: DuckDBConnection };

/**
 * Reads credentials from code, a file or a variable; names of settings may be camelCase or snake_case.
 * @throws ConfigError `DESTINATION_CREDENTIALS_INVALID`, `DESTINATION_IN_MEMORY`
 */
export function parseCredentials(native: unknown): DuckdbTarget {
  if (typeof native === "string") return fileTarget(parseConnectionString(native));
  if (typeof native !== "object" || native === null) throw invalid(`are of the type \`${typeof native}\``);
  // Told apart by their methods, because an application may have its own copy of the driver.
  if (hasMethods(native, ["connect", "closeSync"])) return { kind: "instance", instance: native as DuckDBInstance };
  if (hasMethods(native, ["run", "interrupt"])) return { kind: "connection", connection: native as DuckDBConnection };
  return fileTarget(parseSettings(native as Readonly<Record<string, unknown>>));
}

/** Absolute path of the file. */
export function databasePath(
  { database }: DuckdbCredentials,
  { localDir, defaultName }: { readonly localDir: string; readonly defaultName: string },
): string {
  const path = database ?? `${defaultName}.duckdb`;
  return isAbsolute(path) ? path : join(localDir, path);
}

/** `duckdb:///relative.duckdb`, `duckdb:////absolute.duckdb`, with `?read_only=true`; any other text is a path. */
function parseConnectionString(text: string): DuckdbCredentials {
  const scheme = /^([a-z][\w+.-]*):/i.exec(text)?.[1];
  if (scheme === "md" || scheme === "motherduck") throw invalid("name a MotherDuck database, which is not a file");
  const url = /^duckdb:\/\/\/?([^?]*)(?:\?(.*))?$/.exec(text);
  if (url === null) {
    // Neither is a path that anyone means, and both may hold a password, which the path of a file is shown with.
    if (/^[a-z][\w+.-]*:\/\//i.test(text)) throw invalid("are an address of something else than DuckDB");
    if (text.trimStart().startsWith("{")) throw invalid("look like an object in JSON, and are not valid JSON");
    return { database: text };
  }
  const settings: Record<string, unknown> = url[1] === "" ? {} : { database: url[1] };
  for (const [name, value] of new URLSearchParams(url[2] ?? "")) settings[name] = value;
  return parseSettings(settings);
}

type Reader = (value: unknown, name: string) => unknown;

const settingReaders: Readonly<Record<keyof DuckdbCredentials, Reader>> = {
  database: readText,
  readOnly: readBoolean,
  extensions: readNames,
  globalConfig: readOptions,
  localConfig: readOptions,
  pragmas: readNames,
};

function parseSettings(settings: Readonly<Record<string, unknown>>): DuckdbCredentials {
  const read: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(settings)) {
    const name = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (name === "drivername" || value === undefined || value === null) continue;
    if (!isSetting(name)) {
      throw invalid(
        `have no setting \`${key}\`; there are ${Object.keys(settingReaders)
          .map((known) => `\`${known}\``)
          .join(", ")}`,
      );
    }
    read[name] = settingReaders[name](value, key);
  }
  return read;
}

function isSetting(name: string): name is keyof DuckdbCredentials {
  return Object.hasOwn(settingReaders, name);
}

function readText(value: unknown, name: string): string {
  if (typeof value !== "string") throw invalid(`need text for \`${name}\``);
  return value;
}

function readBoolean(value: unknown, name: string): boolean {
  if (value === true || value === "true" || value === "True") return true;
  if (value === false || value === "false" || value === "False") return false;
  throw invalid(`need true or false for \`${name}\``);
}

function readNames(value: unknown, name: string): readonly string[] {
  const names = fromJsonText(value);
  if (!Array.isArray(names) || !names.every((item) => typeof item === "string")) {
    throw invalid(`need a list of names for \`${name}\``);
  }
  for (const item of names) checkWord(item, name);
  return names;
}

function readOptions(value: unknown, name: string): Readonly<Record<string, string | number | boolean>> {
  const object = fromJsonText(value);
  if (typeof object !== "object" || object === null) throw invalid(`need an object for \`${name}\``);
  const options: Record<string, string | number | boolean> = {};
  for (const [key, option] of Object.entries(object)) {
    checkWord(key, name);
    if (typeof option !== "string" && typeof option !== "number" && typeof option !== "boolean") {
      throw invalid(`need text, a number, true or false for \`${key}\` of \`${name}\``);
    }
    options[key] = option;
  }
  return options;
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

/** Names of options, extensions and pragmas go into statements as they are. */
function checkWord(word: string, name: string): void {
  if (!/^\w+$/.test(word))
    throw invalid(`have a name with other characters than letters, digits and \`_\` in \`${name}\``);
}

function fileTarget(credentials: DuckdbCredentials): DuckdbTarget {
  if (credentials.database === ":memory:" || credentials.database === "") {
    throw new ConfigError(
      "DESTINATION_IN_MEMORY",
      "The credentials of `duckdb` name a database in memory, whose rows would be lost.",
      {
        hint: "Name a file, or hand over what you keep open: duckdb({ credentials: await DuckDBInstance.create() }).",
      },
    );
  }
  if (credentials.database === ":pipeline:") {
    throw invalid("ask for `:pipeline:`, the working folder of the pipeline, which is for the pipeline alone");
  }
  return { kind: "file", credentials };
}

function hasMethods(value: object, methods: readonly string[]): boolean {
  return methods.every((method) => typeof (value as Readonly<Record<string, unknown>>)[method] === "function");
}

function invalid(reason: string): ConfigError {
  return new ConfigError("DESTINATION_CREDENTIALS_INVALID", `The credentials of \`duckdb\` ${reason}.`, {
    hint: 'Give the path of a file: DESTINATION__DUCKDB__CREDENTIALS="data/my.duckdb".',
  });
}
