import {
  type ConfigChoice,
  ConfigError,
  type ConfigField,
  type ConfigGroup,
  type ConfigOf,
  type ConfigSpec,
  isSecret,
  type Secret,
  type SettingsLookup,
} from "@dlt/core";
import { type FieldResult, fetchedSecret, givenValue, holdsSecrets, ownMember } from "@dlt/core/engine";
import type { ConfigContext } from "./config-context.js";
import { warnOfNearKeys, warnOfPlaceholder, warnOfSecret, warnOfSecretPart } from "./config-warnings.js";
import { foundValue } from "./field-value.js";
import { type MissingField, missingFieldsError, type TriedKey } from "./missing-fields.js";
import type { UnsetFields } from "./near-keys.js";
import { searchPaths } from "./search-paths.js";
import { type FoundPlace, type SettingScope, searchSetting, settingKey, type UnknownValue } from "./setting-search.js";

export interface ResolveOptions {
  /** For messages, e.g. ``Source `github` ``. */
  readonly owner: string;
  /** Where the settings are, e.g. `["sources", "github", "github"]` or `["destination", "postgres"]`. */
  readonly sections: readonly string[];
  /** Sections that are searched before those, e.g. those of one resource of one source. */
  readonly first?: readonly string[];
  /** A section that every key stands in, e.g. `extract`. */
  readonly fixedSection?: string;
  /** Values from code: they win over every place. `null` stands for "none" and ends the search. */
  readonly given?: Readonly<Record<string, unknown>>;
  readonly config: ConfigContext;
}

/**
 * Looks up the value of each field of a spec: given in code, then place by place, in each along the sections, first
 * with the name of the pipeline in front and then without, then the default. Fields are camelCase in code and
 * snake_case in keys. Places that answer later are asked for secrets alone, once rows are read.
 * @throws ConfigError `CONFIG_FIELD_MISSING`, `CONFIG_VALUE_INVALID`, `CONFIG_SECRET_EXPOSED`
 */
export function resolveConfig<Spec extends ConfigSpec>(spec: Spec, options: ResolveOptions): ConfigOf<Spec> {
  return concluded(attempt(spec, options, { secretsComeLater: true }), options) as ConfigOf<Spec>;
}

/**
 * As `resolveConfig`, also from places that answer later, such as vaults.
 * @throws ConfigError also `CONFIG_PROVIDER_FAILED`
 */
export async function resolveConfigLater<Spec extends ConfigSpec>(
  spec: Spec,
  options: ResolveOptions,
): Promise<ConfigOf<Spec>> {
  for (;;) {
    const attempted = attempt(spec, options, { secretsComeLater: false });
    // What is fetched decides which other values are asked for: with a connection string, not those of its parts.
    if (attempted.unknown.length === 0) return concluded(attempted, options) as ConfigOf<Spec>;
    await Promise.all(attempted.unknown.map(({ provider, path, ask }) => provider.later?.fetch(path, ask)));
  }
}

/** `resolveConfig` in the form in which sources ask for their settings. */
export function settingsLookup(config: ConfigContext): SettingsLookup {
  return Object.assign(((request) => resolveConfig(request.spec, { ...request, config })) satisfies SettingsLookup, {
    later: async (request: Parameters<SettingsLookup>[0]) =>
      await resolveConfigLater(request.spec, { ...request, config }),
  });
}

/** What one pass over the places gave. */
interface Attempt {
  /** Thrown by a value that cannot be used. */
  readonly error?: unknown;
  readonly values: Readonly<Record<string, unknown>>;
  readonly missing: readonly MissingField[];
  readonly unset: readonly UnsetFields[];
  readonly unknown: readonly UnknownValue[];
  /** What to tell of it: settings for the trace, warnings. */
  readonly told: readonly (() => void)[];
}

interface FieldScope extends SettingScope, Pick<ResolveOptions, "given"> {
  /** Keys of the groups around, from the outside in. */
  readonly fields: readonly string[];
  readonly missing: MissingField[];
  /** Names of fields that were given or found, in the group that is looked up. */
  readonly found?: string[];
  readonly unset: UnsetFields[];
  readonly told: (() => void)[];
  /** Makes a secret that is fetched when rows are read; `null`: places that answer later are waited for. */
  readonly fetched: ((name: string, field: ConfigField<unknown>) => Secret) | null;
}

function attempt(
  spec: ConfigSpec,
  options: ResolveOptions,
  { secretsComeLater }: { readonly secretsComeLater: boolean },
): Attempt {
  const providers = options.config.providers.map((provider) => provider.listed?.() ?? provider);
  const config = { ...options.config, providers };
  const collected = { missing: [], unset: [], unknown: [], told: [] };
  const fetched = (name: string, field: ConfigField<unknown>): Secret =>
    fetchedSecret(async () => {
      const found = await resolveConfigLater({ [name]: field as ConfigField<Secret> }, options);
      return (found[name] as Secret).reveal();
    }, `\`${name}\` of ${options.owner}`);
  try {
    const scope = { ...options, ...collected, config, fields: [], fetched: secretsComeLater ? fetched : null };
    return { ...collected, values: resolveFields(spec, scope) };
  } catch (error) {
    return { ...collected, values: {}, error };
  }
}

function concluded({ error, values, missing, unset, unknown, told }: Attempt, options: ResolveOptions): unknown {
  if (error !== undefined) throw error;
  if (missing.length > 0) {
    const notAsked = new Set(unknown.map(({ provider }) => provider.name));
    throw missingFieldsError(missing, { ...options, unset, notAsked });
  }
  for (const tell of told) tell();
  warnOfNearKeys(unset);
  return values;
}

function resolveFields(spec: ConfigSpec, scope: FieldScope): Readonly<Record<string, unknown>> {
  const names = Object.keys(spec);
  const unset: string[] = [];
  const values = Object.entries(spec).map(([name, field]) => {
    const resolved = resolvePart(name, field, scope);
    if (resolved.isSet) scope.found?.push(name);
    else if (field.key === undefined) unset.push(name);
    return [name, resolved.value] as const;
  });
  if (unset.length > 0) scope.unset.push({ scope, names: unset, known: new Set(names.map(settingKey)) });
  return Object.fromEntries(values);
}

function resolvePart(name: string, field: ConfigField<unknown>, scope: FieldScope): Resolved {
  if (isChoice(field)) return resolveChoice(name, field, scope);
  return isGroup(field) ? resolveGroup(name, field, scope) : resolveField(name, field, scope);
}

/** `isSet`: the value was given or found. */
interface Resolved {
  readonly value: unknown;
  readonly isSet: boolean;
}

function resolveField(name: string, field: ConfigField<unknown>, scope: FieldScope): Resolved {
  const given = ownMember(scope.given ?? {}, name);
  if (given === null) {
    if (field.optional !== true && field.default === undefined) addMissing(name, field, scope, []);
    return { value: null, isSet: true };
  }
  scope.told.push(() => warnOfSecret(name, field, scope));
  if (given !== undefined) {
    const value = valueOrThrow(givenValue(field, given), { name, field, scope, place: null, native: given });
    report(name, field, scope, { providerName: "ExplicitValues", sections: scope.sections, value });
    return { value, isSet: true };
  }
  const before = scope.unknown.length;
  const { found, tried } = searchSetting(name, field, scope, { nested: isNested(field) });
  if (found !== null) {
    const { native, path, provider } = found;
    const value = valueOrThrow(foundValue(field, native), { name, field, scope, place: found, native });
    scope.told.push(() => warnOfPlaceholder(name, found));
    report(name, field, scope, { providerName: provider.name, sections: path.slice(0, -1), value });
    return { value, isSet: true };
  }
  if (field.default !== undefined) return { value: field.default, isSet: false };
  if (field.optional === true) return { value: undefined, isSet: false };
  const mayCome = field.secret && field.parse === undefined && scope.unknown.length > before;
  if (mayCome && scope.fetched !== null && scope.fields.length === 0)
    return { value: scope.fetched(name, field), isSet: true };
  addMissing(name, field, scope, tried);
  return { value: undefined, isSet: false };
}

/** Single values that a place has below the key are put together for what takes an object. */
function isNested({ parse, type, default: fallback }: ConfigField<unknown>): boolean {
  return (
    parse !== undefined ||
    type === "object" ||
    (typeof fallback === "object" && fallback !== null && !Array.isArray(fallback))
  );
}

function resolveGroup(name: string, field: ConfigGroup<unknown>, scope: FieldScope): Resolved {
  const { missing, ...around } = scope;
  const code = ownMember(scope.given ?? {}, name);
  const found = code === undefined || code === null ? searchSetting(name, field, scope, { nested: false }).found : null;
  const given = groupParts(name, field, scope, { native: code ?? found?.native, place: found });
  const missingInside: MissingField[] = [];
  const foundInside: string[] = [];
  const unsetBefore = scope.unset.length;
  const value = resolveFields(field.fields, {
    ...around,
    fields: [...scope.fields, settingKey(name)],
    given,
    missing: missingInside,
    found: foundInside,
  });
  const unset = scope.unset.slice(unsetBefore).reduce((count, { names }) => count + names.length, 0);
  const isSet = found !== null || code !== undefined || unset < Object.keys(field.fields).length;
  if (missingInside.length === 0) return { value, isSet };
  // A group that may be left out counts as left out as long as it is not complete.
  const group = { name: [...scope.fields, name].join("."), found: foundInside };
  if (field.optional !== true) missing.push(...missingInside.map((each) => ({ group, ...each })));
  return { value: undefined, isSet };
}

/** The first of several groups whose settings are all there. */
function resolveChoice(name: string, field: ConfigChoice<unknown>, scope: FieldScope): Resolved {
  const { missing, unset, told, ...around } = scope;
  const all: MissingField[] = [];
  let isSet = false;
  for (const [index, group] of field.anyOf.entries()) {
    const inside = { missing: [] as MissingField[], unset: [] as UnsetFields[], told: [] as (() => void)[] };
    const resolved = resolveGroup(name, group, { ...around, ...inside });
    isSet ||= resolved.isSet;
    if (inside.missing.length === 0 && resolved.value !== undefined) {
      unset.push(...inside.unset);
      told.push(...inside.told);
      return resolved;
    }
    const choice = `choice ${index + 1} of ${field.anyOf.length}`;
    all.push(...inside.missing.map((each) => ({ ...each, name: `${each.name} (${choice})` })));
    unset.push(...inside.unset);
  }
  if (field.optional !== true) missing.push(...all);
  return { value: undefined, isSet };
}

/**
 * The parts of a group that a native value gives. An object that was found is ignored here: its parts are looked up.
 */
function groupParts(
  name: string,
  field: ConfigGroup<unknown>,
  scope: FieldScope,
  { native, place }: { readonly native: unknown; readonly place: FoundPlace | null },
): Readonly<Record<string, unknown>> {
  if (native === undefined || native === null) return {};
  const isObject = typeof native === "object" && !isSecret(native);
  if (isObject && place !== null) return {};
  if (isObject && field.parse === undefined) return native as Readonly<Record<string, unknown>>;
  const parts = valueOrThrow(givenValue(field, native), { name, field, scope, place, native });
  if (typeof parts !== "object" || parts === null) return {};
  if (place !== null) {
    const isSecretPart = (part: string): boolean => ownMember(field.fields, part)?.secret === true;
    scope.told.push(() => warnOfSecretPart(parts, place, isSecretPart));
  }
  return parts as Readonly<Record<string, unknown>>;
}

function isChoice(field: ConfigField<unknown>): field is ConfigChoice<unknown> {
  return "anyOf" in field;
}

function isGroup(field: ConfigField<unknown>): field is ConfigGroup<unknown> {
  return "fields" in field;
}

function addMissing(name: string, field: ConfigField<unknown>, scope: FieldScope, tried: readonly TriedKey[]): void {
  const paths = field.key === undefined ? searchPaths(scope) : [field.key.split(".").slice(0, -1)];
  scope.missing.push({
    name: [...scope.fields, name].join("."),
    key: field.key?.split(".").at(-1) ?? settingKey(name),
    // The function of a source is left out: all its functions share the settings of the module.
    sections: (paths.length > 3 ? paths[1] : paths[0]) ?? [],
    isSecret: field.secret,
    tried,
  });
}

function valueOrThrow(
  result: FieldResult,
  at: {
    readonly name: string;
    readonly field: ConfigField<unknown>;
    readonly scope: FieldScope;
    readonly place: FoundPlace | null;
    readonly native: unknown;
  },
): unknown {
  if ("value" in result) return result.value;
  const { name, field, scope, place, native } = at;
  const key = place?.provider.keyOf(place.path) ?? null;
  const where = place === null ? "as it was given" : `as \`${key}\` in ${place.provider.name}`;
  const isHidden = holdsSecrets(field) || isSecret(native) || field.parse !== undefined;
  const shown = isHidden ? "" : ` The value is ${shownValue(native)}.`;
  throw new ConfigError(
    "CONFIG_VALUE_INVALID",
    `${scope.owner} cannot use the setting \`${name}\` ${where}: ${result.problem}.${shown}`,
    {
      hint: place === null ? `Correct \`${name}\` in code.` : `Correct \`${key}\` in ${place.provider.name}.`,
      context: { field: name, key, provider: place?.provider.name ?? null },
    },
  );
}

function shownValue(native: unknown): string {
  try {
    return JSON.stringify(native) ?? typeof native;
  } catch {
    // Big integers and cycles.
    return `of type ${typeof native}`;
  }
}

function report(
  name: string,
  field: ConfigField<unknown>,
  { owner, config, fields, told }: FieldScope,
  resolved: { readonly providerName: string; readonly sections: readonly string[]; readonly value: unknown },
): void {
  const isSecretField = field.secret || isSecret(resolved.value);
  if (isSecretField) told.push(() => config.onSecret?.(resolved.value));
  const setting = {
    owner,
    key: settingKey(name),
    sections: resolved.providerName === "ExplicitValues" ? [...resolved.sections, ...fields] : resolved.sections,
    providerName: resolved.providerName,
    isSecret: isSecretField,
    value: isSecretField ? null : resolved.value,
    defaultValue: isSecretField ? null : (field.default ?? null),
  };
  told.push(() => config.onResolved?.(setting));
}
