import { type ConfigGroup, type FieldWithNative, type Secret, secret, setting } from "@dlt/core";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { parseConnectionString } from "./connection-string.js";
import { invalidCredentials } from "./invalid-credentials.js";
import {
  isConnection,
  isInstance,
  parseAttachOptions,
  parseDatabase,
  parseExtensions,
  parsePragmas,
  parseSettings,
} from "./setting-values.js";

/** A database, and how it is opened and used. */
export interface DuckdbCredentials {
  /**
   * Path of the file, relative to the folder for local files; `:pipeline:` is a file in the working folder of the pipeline. Or what is
   * open already, also in memory: it stays open. Default: `<pipeline or destination name>.duckdb`.
   */
  readonly database: DuckdbDatabase | undefined;
  /** Opens the file for reading, which other processes may do at the same time. */
  readonly readOnly: boolean;
  /** Extensions to load, e.g. `["httpfs"]`; they are installed first where they are not. */
  readonly extensions: readonly string[];
  /** `SET GLOBAL`, e.g. `{ threads: 2, memory_limit: "1GB" }`. Counts for every client of the database in this process. */
  readonly globalConfig: DuckdbSettings;
  /** `SET SESSION` for each connection. */
  readonly localConfig: DuckdbSettings;
  /** Pragmas for each connection, e.g. `["enable_progress_bar", "threads = 2"]`. */
  readonly pragmas: readonly string[];
  /** Options of `ATTACH` that the file is opened with, e.g. `{ storage_version: "v1.2.0" }`. */
  readonly attachOptions: DuckdbSettings;
  /** What the file is encrypted with, also when it is made. To be written it needs the extension `httpfs`. */
  readonly encryptionKey: Secret | undefined;
}

export type DuckdbDatabase = string | DuckDBInstance | DuckDBConnection;

/** By their names in DuckDB. */
export type DuckdbSettings = Readonly<Record<string, string | number | boolean>>;

/** A path, `duckdb:///<path>?<settings>`, what is open already, or some of the settings: others are looked up. */
export type DuckdbNativeCredentials =
  | DuckdbDatabase
  | (Partial<Omit<DuckdbCredentials, "encryptionKey">> & { readonly encryptionKey?: Secret | string });

const fields = {
  database: setting<DuckdbDatabase | undefined>({ optional: true, parse: parseDatabase }),
  readOnly: setting({ default: false }),
  extensions: setting<readonly string[]>({ default: [], parse: parseExtensions }),
  globalConfig: setting<DuckdbSettings>({ default: {}, parse: parseSettings("global_config") }),
  localConfig: setting<DuckdbSettings>({ default: {}, parse: parseSettings("local_config") }),
  pragmas: setting<readonly string[]>({ default: [], parse: parsePragmas }),
  attachOptions: setting<DuckdbSettings>({ default: {}, parse: parseAttachOptions }),
  encryptionKey: { ...secret(), optional: true } as const,
};

/** Each setting is looked up by itself, so that the key can be kept apart from the rest. */
export const credentialsField: ConfigGroup<DuckdbCredentials> &
  FieldWithNative<DuckdbCredentials, DuckdbNativeCredentials> & { readonly fields: typeof fields } = {
  secret: false,
  doc: "Path of the file, `duckdb:///<path>`, or its settings. Default: `<pipeline name>.duckdb`.",
  parse: parseCredentials,
  fields,
};

/**
 * The settings that a native value gives; in an object their names may be camelCase or snake_case.
 * @throws ConfigError `DESTINATION_CREDENTIALS_INVALID`
 */
function parseCredentials(native: unknown): Readonly<Record<string, unknown>> {
  if (isInstance(native) || isConnection(native)) return { database: native };
  if (typeof native === "string") return knownSettings(parseConnectionString(native));
  if (typeof native === "object" && native !== null) return knownSettings(native);
  throw invalidCredentials(`are of the type \`${typeof native}\``);
}

function knownSettings(given: object): Readonly<Record<string, unknown>> {
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const name = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    if (name === "drivername" || value === undefined || value === null) continue;
    if (!Object.hasOwn(fields, name)) {
      const names = Object.keys(fields).map((field) => `\`${field}\``);
      throw invalidCredentials(`have no setting \`${key}\`; there are ${names.join(", ")}`);
    }
    known[name] = name === "readOnly" ? booleanOf(value) : value;
  }
  return known;
}

/** Connection strings have text for it. */
function booleanOf(value: unknown): boolean {
  const word = String(value).toLowerCase();
  if (word !== "true" && word !== "false") throw invalidCredentials("need true or false for `read_only`");
  return word === "true";
}
