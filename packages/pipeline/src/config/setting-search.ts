import { ConfigError, type ConfigField } from "@dlt/core";
import type { ConfigContext } from "./config-context.js";
import type { AskOptions, ConfigPath, ConfigProvider } from "./config-provider.js";
import type { TriedKey } from "./missing-fields.js";
import { type SearchScope, searchPaths } from "./search-paths.js";

/** Whose setting is looked up, and where. */
export interface SettingScope extends SearchScope {
  /** For messages, e.g. ``Source `github` ``. */
  readonly owner: string;
  readonly config: ConfigContext;
  /** Values that were passed over, because their place answers later. */
  readonly unknown: UnknownValue[];
}

export interface UnknownValue {
  readonly provider: ConfigProvider;
  readonly path: ConfigPath;
  readonly ask: AskOptions;
}

export interface FoundPlace {
  readonly provider: ConfigProvider;
  readonly path: ConfigPath;
  readonly native: unknown;
}

/** `accessToken` → `access_token`. */
export function settingKey(fieldName: string): string {
  return fieldName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Place by place; in a place, path by path. All places are searched below the pipeline before any is searched
 * without.
 * @throws ConfigError `CONFIG_SECRET_EXPOSED`
 */
export function searchSetting(
  name: string,
  field: ConfigField<unknown>,
  scope: SettingScope,
  { nested }: { readonly nested: boolean },
): { readonly found: FoundPlace | null; readonly tried: readonly TriedKey[] } {
  const tried: TriedKey[] = [];
  for (const { providers, paths, pipelineName } of searchPasses(name, field, scope)) {
    for (const provider of providers) {
      for (const path of paths) {
        const native = provider.find(path, { secret: field.secret, nested });
        const key = provider.keyOf(path);
        if (native !== undefined) {
          if (field.secret && !provider.holdsSecrets && !("fields" in field))
            throw exposedSecret(name, scope, provider, key);
          return { found: { provider, path, native }, tried };
        }
        const ask = { secret: field.secret, pipelineName };
        if (provider.later?.isUnknown(path, ask) === true) scope.unknown.push({ provider, path, ask });
        else if (provider.holdsSecrets || !field.secret) tried.push({ providerName: provider.name, key });
      }
    }
  }
  return { found: null, tried };
}

interface SearchPass {
  readonly providers: readonly ConfigProvider[];
  readonly paths: readonly ConfigPath[];
  /** What the paths begin with. */
  readonly pipelineName: string | null;
}

/** Where a setting is looked for, in order. */
export function searchPasses(
  name: string,
  field: ConfigField<unknown>,
  scope: Pick<SettingScope, "config" | keyof SearchScope>,
): readonly SearchPass[] {
  const providers = scope.config.providers.filter((provider) => !provider.isEmpty);
  if (field.key !== undefined) return [{ providers, paths: [field.key.split(".")], pipelineName: null }];
  const paths = searchPaths(scope).map((sections) => [...sections, settingKey(name)]);
  const { pipelineName } = scope.config;
  const unprefixed = { providers, paths, pipelineName: null };
  if (pipelineName === null) return [unprefixed];
  return [{ providers, paths: paths.map((path) => [pipelineName, ...path]), pipelineName }, unprefixed];
}

function exposedSecret(name: string, scope: SettingScope, provider: ConfigProvider, key: string): ConfigError {
  return new ConfigError(
    "CONFIG_SECRET_EXPOSED",
    `${scope.owner} has the secret \`${name}\` in ${provider.name}, under \`${key}\`, where secrets do not belong.`,
    {
      hint: `Move \`${key}\` to .dlt/secrets.toml and replace the secret if the file was shared.`,
      context: { field: name, key },
    },
  );
}
