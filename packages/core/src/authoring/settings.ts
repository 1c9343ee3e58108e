import type {
  ConfigChoice,
  ConfigField,
  ConfigGroup,
  ConfigOf,
  ConfigSpec,
  Secret,
  SettingType,
} from "../contract/config.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { ConfigError } from "../errors/index.js";
import { ownMember } from "../values/own-member.js";
import type { SettingTypes } from "./setting-types.js";
import { givenValue } from "./setting-value.js";

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

export interface SecretOptions {
  /** Full key, e.g. `sources.github.token`, when it is not looked up below the owner's section. */
  readonly key?: string;
  readonly doc?: string;
}

/** A secret setting. A text is its full key (`sources.github.token`), when it is not looked up below the owner's section. */
export function secret(
  options: SecretOptions & { readonly optional: true },
): ConfigField<Secret | undefined> & { readonly optional: true };
export function secret(options?: string | SecretOptions): ConfigField<Secret>;
export function secret(
  options: string | (SecretOptions & { readonly optional?: boolean }) = {},
): ConfigField<Secret | undefined> {
  return { secret: true, ...(typeof options === "string" ? { key: options } : options) };
}

/** A setting of a declared type: text from variables and files is read as that, and a value in code has to be of it. */
interface TypedOptions<Type extends SettingType> extends SettingOptions<SettingTypes[Type], never> {
  readonly type: Type;
  readonly parse?: never;
}

/** A setting that is one of these texts. */
interface ChoiceOptions<Choice extends string> extends SettingOptions<NoInfer<Choice>, never> {
  readonly choices: readonly Choice[];
  readonly parse?: never;
}

/** A field that is made of settings, looked up one by one below its name. `parse`: what a value as a whole says of them. */
export function group<const Fields extends ConfigSpec, Native = Partial<ConfigOf<Fields>>>(
  fields: Fields,
  options: {
    readonly optional?: boolean;
    readonly doc?: string;
    readonly parse?: (native: Native) => Partial<Record<keyof Fields, unknown>>;
  } = {},
): ConfigGroup<ConfigOf<Fields>> & FieldWithNative<ConfigOf<Fields>, Native> & { readonly fields: Fields } {
  return { ...options, secret: false, fields } as ConfigGroup<ConfigOf<Fields>> & { readonly fields: Fields };
}

/** A setting. Without a default it has to be given or found, unless `optional`. */
export function setting<Type extends SettingType>(
  options: TypedOptions<Type> & { readonly optional: true },
): ConfigField<SettingTypes[Type] | undefined>;
export function setting<Type extends SettingType>(options: TypedOptions<Type>): ConfigField<SettingTypes[Type]>;
export function setting<const Choice extends string>(
  options: ChoiceOptions<Choice> & { readonly optional: true },
): ConfigField<Choice | undefined>;
export function setting<const Choice extends string>(options: ChoiceOptions<Choice>): ConfigField<Choice>;
export function setting<Value, Native = Value>(
  options: SettingOptions<Value, Native> & { readonly optional: true },
): FieldWithNative<Value | undefined, Native>;
export function setting<Value, Native = Value>(options?: SettingOptions<Value, Native>): FieldWithNative<Value, Native>;
export function setting(
  options: SettingOptions<unknown, never> & { readonly optional?: boolean } = {},
): ConfigField<unknown> {
  return { secret: false, ...options } as ConfigField<unknown>;
}

/** A field that is one of several groups, such as ways to log in: the first whose settings are all there counts. */
export function anyOf<const Groups extends readonly [ConfigGroup<unknown>, ...ConfigGroup<unknown>[]]>(
  groups: Groups,
  options: { readonly optional?: boolean; readonly doc?: string } = {},
): ConfigChoice<Groups[number] extends ConfigGroup<infer Value> ? Value : never> {
  const isSecret = groups.some((group) => group.secret);
  return { ...options, secret: isSecret, anyOf: groups } as unknown as ConfigChoice<never>;
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

/** How settings are found that were not given in code. */
export interface SettingsLookup {
  /** Gives the value of every field, or throws what is missing. Synchronous: a source is ready when it is called. */
  (request: SettingsRequest): Readonly<Record<string, unknown>>;
  /** The same also from places that answer later, such as vaults: for sources whose function is asynchronous. */
  readonly later?: (request: SettingsRequest) => Promise<Readonly<Record<string, unknown>>>;
}

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

/** The settings of a source that is made later: also from places that answer later. */
export async function lookUpSettingsLater(request: SettingsRequest): Promise<Readonly<Record<string, unknown>>> {
  const lookup = (globalThis as Realm)[lookupKey];
  return await (lookup?.later ?? lookUpSettings)(request);
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
      const result = givenValue(field, value);
      if ("value" in result) return [name, result.value];
      throw new ConfigError("CONFIG_VALUE_INVALID", `\`${name}\` of ${owner} cannot be used: ${result.problem}.`, {
        hint: `Correct \`${name}\` in code.`,
        context: { field: name },
      });
    }),
  );
}
