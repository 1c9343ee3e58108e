import type { StandardSchemaV1 } from "./standard-schema.js";

/**
 * A secret value. Prints as `[secret]` everywhere, and cannot be sent to another thread; `reveal` gives the text.
 * One that comes from a vault is there once rows are read.
 */
export interface Secret {
  readonly "~dlt": "secret";
  reveal(): string;
}

/** What a setting can be declared to be. */
export type SettingType =
  | "text"
  | "boolean"
  | "integer"
  | "number"
  | "decimal"
  | "bytes"
  | "timestamp"
  | "date"
  | "time"
  | "list"
  | "object";

/** One setting of a source or destination. The field's name is camelCase here and snake_case in files and variables. */
export interface ConfigField<out Value> {
  readonly secret: boolean;
  readonly doc?: string;
  /** Full key, e.g. `sources.github.token`, when it is not looked up under the owner's section. */
  readonly key?: string;
  readonly default?: unknown;
  readonly optional?: boolean;
  /** What the value is; text that was found is read as that. Default: as `default` is. */
  readonly type?: SettingType;
  /** The texts that it can be. */
  readonly choices?: readonly string[];
  readonly validate?: StandardSchemaV1<unknown, unknown>;
  /** Turns a native value (a connection string, an object from TOML) into the value of the field. */
  readonly parse?: (native: unknown) => unknown;
  readonly "~value"?: () => Value;
}

/** A field that is itself made of settings, looked up one by one below its name, e.g. `credentials`. */
export interface ConfigGroup<out Value> extends ConfigField<Value> {
  /** `parse` turns a native value, such as a connection string, into some of them; the others are still looked up. */
  readonly fields: ConfigSpec;
}

/** A field that is one of several groups: the first whose settings are all there. */
export interface ConfigChoice<out Value> extends ConfigField<Value> {
  readonly anyOf: readonly ConfigGroup<Value>[];
}

/** Settings field by field, so that they can be looked up, listed and documented. */
export type ConfigSpec = Readonly<Record<string, ConfigField<unknown>>>;
/** The values of a spec. */
export type ConfigOf<Spec extends ConfigSpec> = {
  readonly [K in keyof Spec]: Spec[K] extends ConfigField<infer V> ? V : never;
};
