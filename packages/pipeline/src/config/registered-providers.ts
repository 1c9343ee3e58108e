import { ConfigError } from "@dlt/core";
import type { ConfigProvider } from "./config-provider.js";
import { openProvider, type SettingsProvider } from "./settings-provider.js";

/** Places that the application added, in the order in which they are searched. */
const registered: ConfigProvider[] = [];

/** Places that every project has. */
const ownNames: ReadonlySet<string> = new Set([
  "Environment Variables",
  "secrets.toml",
  "config.toml",
  "ExplicitValues",
]);

/** A place of settings that was added. */
export interface ProviderRegistration extends Disposable {
  /** Takes the place away again: it is not searched from then on. */
  unregister(): void;
}

/**
 * Adds a place that settings are looked up in, after the environment and the TOML files and those that were added before. Resolves once `load` of the place did; its values are there at once if that is synchronous.
 * @throws ConfigError `CONFIG_PROVIDER_DUPLICATE`, `CONFIG_PROVIDER_FAILED`
 */
export async function registerProvider(provider: SettingsProvider): Promise<ProviderRegistration> {
  const { name } = provider;
  if (ownNames.has(name) || registered.some((other) => other.name === name)) {
    throw new ConfigError("CONFIG_PROVIDER_DUPLICATE", `There is a place of settings called \`${name}\` already.`, {
      hint: "Give each a name of its own, and register it once.",
      context: { provider: name },
    });
  }
  const { place, loaded } = openProvider(provider);
  registered.push(place);
  const unregister = (): void => {
    const at = registered.indexOf(place);
    if (at !== -1) registered.splice(at, 1);
  };
  try {
    await loaded;
  } catch (error) {
    unregister();
    throw error;
  }
  return { unregister, [Symbol.dispose]: unregister };
}

export function registeredProviders(): readonly ConfigProvider[] {
  return registered;
}
