import {
  ConfigError,
  type ConfigField,
  type ConfigGroup,
  type ConfigOf,
  type ConfigSpec,
  isSecret,
  type SettingsLookup,
} from "@dlt/core";
import { ownMember } from "@dlt/core/engine";
import type { ConfigContext } from "./config-context.js";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";
import { type FieldResult, foundValue, givenValue } from "./field-value.js";
import { type MissingField, missingFieldsError, type TriedKey } from "./missing-fields.js";
import { searchPaths } from "./search-paths.js";

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
 * snake_case in keys.
 * @throws ConfigError `CONFIG_FIELD_MISSING`, `CONFIG_VALUE_INVALID`, `CONFIG_SECRET_EXPOSED`
 */
export function resolveConfig<Spec extends ConfigSpec>(spec: Spec, options: ResolveOptions): ConfigOf<Spec> {
  const missing: MissingField[] = [];
  const providers = options.config.providers.map((provider) => provider.listed?.() ?? provider);
  const config = { ...options.config, providers };
  const values = resolveFields(spec, { ...options, config, fields: [], missing });
  if (missing.length > 0) throw missingFieldsError(missing, options);
  return values as ConfigOf<Spec>;
}

/** `resolveConfig` in the form in which sources ask for their settings. */
export function settingsLookup(config: ConfigContext): SettingsLookup {
  return ({ owner, sections, spec, given }) => resolveConfig(spec, { owner, sections, given, config });
}

/** `accessToken` → `access_token`. */
export function settingKey(fieldName: string): string {
  return fieldName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

interface FieldScope extends ResolveOptions {
  /** Keys of the groups around, from the outside in. */
  readonly fields: readonly string[];
  readonly missing: MissingField[];
}

function resolveFields(spec: ConfigSpec, scope: FieldScope): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(spec).map(([name, field]) => [name, resolveField(name, field, scope)]));
}

function resolveField(name: string, field: ConfigField<unknown>, scope: FieldScope): unknown {
  if (isGroup(field)) return resolveGroup(name, field, scope);
  const given = ownMember(scope.given ?? {}, name);
  if (given !== undefined) {
    if (given === null)
      return field.optional === true || field.default !== undefined ? null : missingField(name, field, scope, []);
    const value = valueOrThrow(givenValue(field, given), { name, field, scope, place: null, native: given });
    report(name, field, scope, { providerName: "ExplicitValues", sections: scope.sections, value });
    return value;
  }
  const { found, tried } = search(name, field, scope, { nested: field.parse !== undefined });
  if (found !== null) {
    const value = valueOrThrow(foundValue(field, found.native), {
      name,
      field,
      scope,
      place: found,
      native: found.native,
    });
    report(name, field, scope, { providerName: found.provider.name, sections: found.path.slice(0, -1), value });
    return value;
  }
  if (field.default !== undefined) return field.default;
  return field.optional === true ? undefined : missingField(name, field, scope, tried);
}

function resolveGroup(name: string, field: ConfigGroup<unknown>, scope: FieldScope): unknown {
  const { missing, ...around } = scope;
  const code = ownMember(scope.given ?? {}, name);
  const found = code === undefined || code === null ? search(name, field, scope, { nested: false }).found : null;
  const given = groupParts(name, field, scope, { native: code ?? found?.native, place: found });
  const missingInside: MissingField[] = [];
  const values = resolveFields(field.fields, {
    ...around,
    fields: [...scope.fields, settingKey(name)],
    given,
    missing: missingInside,
  });
  if (missingInside.length === 0) return values;
  // A group that may be left out counts as left out as long as it is not complete.
  if (field.optional === true) return undefined;
  missing.push(...missingInside);
  return undefined;
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
  return typeof parts === "object" && parts !== null ? (parts as Readonly<Record<string, unknown>>) : {};
}

function isGroup(field: ConfigField<unknown>): field is ConfigGroup<unknown> {
  return "fields" in field;
}

interface FoundPlace {
  readonly provider: ConfigProvider;
  readonly path: ConfigPath;
  readonly native: unknown;
}

/**
 * Place by place; in a place, path by path. All places are searched below the pipeline before any is searched
 * without.
 */
function search(
  name: string,
  field: ConfigField<unknown>,
  scope: FieldScope,
  { nested }: { readonly nested: boolean },
): { readonly found: FoundPlace | null; readonly tried: readonly TriedKey[] } {
  const tried: TriedKey[] = [];
  for (const path of candidatePaths(name, field, scope)) {
    for (const provider of path.providers) {
      for (const candidate of path.paths) {
        const native = provider.find(candidate, { secret: field.secret, nested });
        const key = provider.keyOf(candidate);
        if (native !== undefined) {
          if (field.secret && !provider.holdsSecrets && !isGroup(field))
            throw exposedSecret(name, scope, provider, key);
          return { found: { provider, path: candidate, native }, tried };
        }
        if (provider.holdsSecrets || !field.secret) tried.push({ providerName: provider.name, key });
      }
    }
  }
  return { found: null, tried };
}

interface SearchPass {
  readonly providers: readonly ConfigProvider[];
  readonly paths: readonly ConfigPath[];
}

function candidatePaths(name: string, field: ConfigField<unknown>, scope: FieldScope): readonly SearchPass[] {
  const providers = scope.config.providers.filter((provider) => !provider.isEmpty);
  if (field.key !== undefined) return [{ providers, paths: [field.key.split(".")] }];
  const paths = searchPaths(scope).map((sections) => [...sections, settingKey(name)]);
  const { pipelineName } = scope.config;
  if (pipelineName === null) return [{ providers, paths }];
  return [
    { providers, paths: paths.map((path) => [pipelineName, ...path]) },
    { providers, paths },
  ];
}

function missingField(
  name: string,
  field: ConfigField<unknown>,
  scope: FieldScope,
  tried: readonly TriedKey[],
): undefined {
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
  const where =
    place === null ? "as it was given" : `as \`${place.provider.keyOf(place.path)}\` in ${place.provider.name}`;
  const shown =
    field.secret || isSecret(native) || isGroup(field) || field.parse !== undefined
      ? ""
      : ` The value is ${JSON.stringify(native)}.`;
  throw new ConfigError(
    "CONFIG_VALUE_INVALID",
    `${scope.owner} cannot use the setting \`${name}\` ${where}: ${result.problem}.${shown}`,
    {
      hint:
        place === null
          ? `Correct \`${name}\` in code.`
          : `Correct \`${place.provider.keyOf(place.path)}\` in ${place.provider.name}.`,
      context: { field: name, key: place?.provider.keyOf(place.path) ?? null, provider: place?.provider.name ?? null },
    },
  );
}

function exposedSecret(name: string, scope: FieldScope, provider: ConfigProvider, key: string): ConfigError {
  return new ConfigError(
    "CONFIG_SECRET_EXPOSED",
    `${scope.owner} has the secret \`${name}\` in ${provider.name}, under \`${key}\`, where secrets do not belong.`,
    {
      hint: `Move \`${key}\` to .dlt/secrets.toml and replace the secret if the file was shared.`,
      context: { field: name, key },
    },
  );
}

function report(
  name: string,
  field: ConfigField<unknown>,
  { owner, config, fields }: FieldScope,
  resolved: { readonly providerName: string; readonly sections: readonly string[]; readonly value: unknown },
): void {
  const isSecretField = field.secret || isSecret(resolved.value);
  if (isSecretField) config.onSecret?.(resolved.value);
  config.onResolved?.({
    owner,
    key: settingKey(name),
    sections: resolved.providerName === "ExplicitValues" ? [...resolved.sections, ...fields] : resolved.sections,
    providerName: resolved.providerName,
    isSecret: isSecretField,
    value: isSecretField ? null : resolved.value,
    defaultValue: isSecretField ? null : (field.default ?? null),
  });
}
