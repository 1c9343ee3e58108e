import { type ConfigField, isSecret } from "@dlt/core";
import { readers } from "@dlt/core/engine";
import type { ConfigContext } from "./config-context.js";
import type { ConfigPath, ConfigProvider } from "./config-provider.js";
import { type NearKey, nearKeys, nearSections, type UnsetFields } from "./near-keys.js";
import { type FoundPlace, type SettingScope, searchPasses } from "./setting-search.js";
import { warnOnce } from "./warn-once.js";

/** Sections at the top that are mistyped. */
export function warnOfSections({ providers, pipelineName }: ConfigContext): void {
  for (const provider of providers) for (const near of nearSections(provider, pipelineName)) warnOfKey(near);
}

/** Keys that look like a setting that has no value, mistyped. Others are left alone: Python dlt may read them. */
export function warnOfNearKeys(unset: readonly UnsetFields[]): void {
  for (const fields of unset) for (const near of nearKeys(fields)) warnOfKey(near);
}

function warnOfKey({ key, provider, meant }: NearKey): void {
  warnOnce(
    "CONFIG_KEY_UNKNOWN",
    `Nothing reads \`${key}\` in ${placeOf(provider)}. Did you mean \`${meant}\`?`,
    "Rename it, or remove it.",
  );
}

/** A secret that stands in a place without secrets, though it was found elsewhere. */
export function warnOfSecret(name: string, field: ConfigField<unknown>, scope: SettingScope): void {
  if (!field.secret || "fields" in field) return;
  for (const { providers, paths } of searchPasses(name, field, scope)) {
    for (const provider of providers) {
      if (provider.holdsSecrets) continue;
      for (const path of paths) {
        const native = provider.find(path, { secret: true, nested: false });
        if (native !== undefined) warnOfExposed(provider, provider.keyOf(path));
      }
    }
  }
}

/** Keys by whose names the values are secrets, in places without secrets. */
export function warnOfNamedSecrets({ providers }: ConfigContext): void {
  for (const provider of providers) {
    if (provider.holdsSecrets || provider.isEmpty) continue;
    for (const path of pathsBelow(provider, [])) {
      if (!secretName.test(path.at(-1) ?? "")) continue;
      const value = provider.find(path, { secret: true, nested: false });
      if (typeof value === "string" && value !== "") warnOfExposed(provider, provider.keyOf(path));
    }
  }
}

const secretName =
  /(^|_)(password|passphrase|secret|api_key|access_token|auth_token|refresh_token|private_key|sas_token|secret_access_key|encryption_key)$/;

function* pathsBelow(provider: ConfigProvider, path: ConfigPath): Generator<ConfigPath> {
  for (const key of provider.keysAt(path)) {
    yield [...path, key];
    yield* pathsBelow(provider, [...path, key]);
  }
}

/** Python dlt brings a provider for Google's vault, which is turned on by a setting; here it is added in code. */
export function warnOfOtherVaults({ providers }: ConfigContext): void {
  const path = ["providers", "enable_google_secrets"];
  for (const provider of providers) {
    const value = provider.find(path, { secret: false, nested: false });
    if (value === undefined) continue;
    if (readers.boolean(value) === true && !providers.some(({ name }) => name === "Google Secrets")) {
      warnOnce(
        "CONFIG_PROVIDER_MISSING",
        `\`${provider.keyOf(path)}\` is set in ${placeOf(provider)}, but no place of settings is called \`Google Secrets\`.`,
        'Add it: `await registerProvider(vault({ name: "Google Secrets", read: … }))`.',
      );
    }
    return;
  }
}

/** A connection string with a password in a place without secrets. */
export function warnOfSecretPart(
  parts: object,
  { provider, path }: FoundPlace,
  isSecretPart: (name: string) => boolean,
): void {
  if (provider.holdsSecrets) return;
  const has = Object.entries(parts).some(
    ([name, value]) => value !== undefined && (isSecret(value) || isSecretPart(name)),
  );
  if (has) warnOfExposed(provider, provider.keyOf(path));
}

function warnOfExposed(provider: ConfigProvider, key: string): void {
  warnOnce(
    "CONFIG_SECRET_EXPOSED",
    `A secret stands in ${placeOf(provider)}, under \`${key}\`, where secrets do not belong.`,
    "Move it to .dlt/secrets.toml, and replace it if the file was shared.",
  );
}

/** What generated files of settings have where a value has to be filled in. */
const placeholders: ReadonlySet<unknown> = new Set(["<configure me>", "1768-07-21T02:56:07.000003Z", "1768-07-21"]);

/** The value is what a generated file has until somebody fills it in; it is used all the same. */
export function warnOfPlaceholder(name: string, { provider, path, native }: FoundPlace): void {
  if (!placeholders.has(native)) return;
  warnOnce(
    "CONFIG_PLACEHOLDER",
    `\`${name}\` is not filled in: \`${provider.keyOf(path)}\` in ${placeOf(provider)} is a placeholder.`,
    "Write the value there.",
  );
}

function placeOf({ name, locations }: ConfigProvider): string {
  const files = locations.filter(({ found }) => found).map(({ path }) => `\`${path}\``);
  return files.length === 0 ? name : files.join(", ");
}
