import type { ConfigField, ConfigSpec, Secret } from "../contract/config.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { ConfigError } from "../errors/index.js";
import { ownMember } from "../values/own-member.js";
import { secretOf } from "./secret.js";

/** A field that may be given in another form, which `parse` understands. */
export type FieldWithNative<Value, Native> = ConfigField<Value> & { readonly "~native"?: () => Native };

export interface SettingOptions<Value, Native> {
  readonly default?: Value;
  readonly doc?: string;
  /** Full key, when it is not looked up below the owner's section. */
  readonly key?: string;
  readonly validate?: StandardSchemaV1<unknown, Value>;
  /** Turns what was given or found (a connection string, a table of TOML) into the value. */
  readonly parse?: (native: Native) => Value;
}

/** A secret setting. `key` is its full key (`sources.github.token`), when it is not looked up below the owner's section. */
export function secret(key?: string): ConfigField<Secret> {
  return { secret: true, ...(key !== undefined && { key }) };
}

/** A setting. Without a default it has to be given or found, unless `optional`. */
export function setting<Value, Native = Value>(
  options: SettingOptions<Value, Native> & { readonly optional: true },
): FieldWithNative<Value | undefined, Native>;
export function setting<Value, Native = Value>(options?: SettingOptions<Value, Native>): FieldWithNative<Value, Native>;
export function setting(
  options: SettingOptions<unknown, never> & { readonly optional?: boolean } = {},
): ConfigField<unknown> {
  return { secret: false, ...options } as ConfigField<unknown>;
}

/** What is looked up when a source is made. */
export interface SettingsRequest {
  /** For messages, e.g. ``Source `github` ``. */
  readonly owner: string;
  /** Where the keys are below, e.g. `["sources", "github", "github"]`. */
  readonly sections: readonly string[];
  readonly spec: ConfigSpec;
  /** Values given in code. */
  readonly given: Readonly<Record<string, unknown>>;
}

/** Gives the value of every field, or throws what is missing. Synchronous: a source is ready when it is called. */
export type SettingsLookup = (request: SettingsRequest) => Readonly<Record<string, unknown>>;

const lookupKey = Symbol.for("dlt.settings");
type Realm = { [lookupKey]?: SettingsLookup | undefined };

/**
 * Sets how settings are found that were not given in code. Done by the engine: this package reads no files and no
 * environment, and every copy of it has to find the same settings. `undefined` takes the look-up away.
 */
export function installSettings(lookup: SettingsLookup | undefined): void {
  (globalThis as Realm)[lookupKey] = lookup;
}

/** The settings of a source: by the installed look-up; without one, given values and defaults. */
export function lookUpSettings(request: SettingsRequest): Readonly<Record<string, unknown>> {
  return ((globalThis as Realm)[lookupKey] ?? givenOrDefault)(request);
}

function givenOrDefault({ owner, spec, given }: SettingsRequest): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(spec).map(([name, field]) => {
      const value = ownMember(given, name);
      if (value === undefined && field.default !== undefined) return [name, field.default];
      if (value === undefined && field.optional !== true) {
        throw new ConfigError("CONFIG_FIELD_MISSING", `${owner} has no \`${name}\`.`, {
          hint: `Give \`${name}\` where it is called.`,
          context: { field: name },
        });
      }
      if (value === undefined) return [name, undefined];
      if (field.secret) return [name, typeof value === "string" ? secretOf(value) : value];
      return [name, validated(owner, name, field, field.parse === undefined ? value : field.parse(value))];
    }),
  );
}

function validated(owner: string, name: string, field: ConfigField<unknown>, value: unknown): unknown {
  const result = field.validate?.["~standard"].validate(value);
  if (result === undefined) return value;
  if (result instanceof Promise) {
    throw new ConfigError("CONFIG_VALUE_INVALID", `The check of \`${name}\` of ${owner} is asynchronous.`, {
      hint: "Give a check that answers at once.",
      context: { field: name },
    });
  }
  if (result.issues === undefined) return result.value;
  const reasons = result.issues.map(({ message }) => message).join("; ");
  throw new ConfigError("CONFIG_VALUE_INVALID", `\`${name}\` of ${owner} cannot be used: ${reasons}.`, {
    context: { field: name },
  });
}
