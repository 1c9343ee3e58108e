/** A place that settings are looked up in. */
export interface ConfigProvider {
  /** As it appears in messages and traces, e.g. `secrets.toml`. */
  readonly name: string;
  /** A place without secrets is searched for them all the same: one that is found there is an error. */
  readonly holdsSecrets: boolean;
  /** An empty place is skipped. */
  readonly isEmpty: boolean;
  /** Files that it consists of, and those that were looked for and are not there. */
  readonly locations: readonly ConfigLocation[];
  /** How a path is spelled here, e.g. `SOURCES__GITHUB__TOKEN` for `["sources", "github", "token"]`. */
  keyOf(path: ConfigPath): string;
  /** The value at exactly this path; `undefined` when there is none. */
  find(path: ConfigPath, options: FindOptions): unknown;
  /** The names that stand directly below a path, in lower case where case does not count. */
  keysAt(path: ConfigPath): readonly string[];
  /** This place with the names that it has now, for look-ups right after each other; absent where to list them costs nothing. */
  listed?(): ConfigProvider;
  /** Absent where every value is known at once. */
  readonly later?: LaterValues;
}

/** Values that have to be asked for before `find` knows them. */
export interface LaterValues {
  /** Whether the value at this path was not asked for yet. */
  isUnknown(path: ConfigPath, options: AskOptions): boolean;
  /** Asks for it. @throws ConfigError `CONFIG_PROVIDER_FAILED` */
  fetch(path: ConfigPath, options: AskOptions): Promise<void>;
}

export interface AskOptions {
  readonly secret: boolean;
  /** The path begins with the name of this pipeline; `null`: it does not. */
  readonly pipelineName: string | null;
}

export interface ConfigLocation {
  readonly path: string;
  readonly found: boolean;
}

/** Sections, and the key last. */
export type ConfigPath = readonly string[];

interface FindOptions {
  readonly secret: boolean;
  /** A place that only has single values puts those below the path together to an object. */
  readonly nested: boolean;
}
