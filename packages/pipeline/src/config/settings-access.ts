import { ConfigError, isSecret, type Secret, type SettingType } from "@dlt/core";
import { castText, readers, type SettingTypes, secretOf, settingTypes } from "@dlt/core/engine";
import { defaultRuntime } from "../runtime.js";
import { loadConfig } from "./config-context.js";
import type { ConfigProvider } from "./config-provider.js";
import { forgetWritten, writeSetting } from "./written-settings.js";

/** Settings by their full keys, such as `sources.github.per_page`: no section is left out, and no pipeline is put in front. */
export interface ConfigAccess {
  /**
   * The value in the first place that has it: the environment, `secrets.toml`, `config.toml`, places that were added, as far as they
   * have it at once. A text is what it spells: `"5"` is 5, `"true"` is true, `"[1]"` is a list.
   * @throws ConfigError `CONFIG_FIELD_MISSING`
   */
  value(key: string): unknown;
  /** The value as it stands there; `undefined` where there is none. */
  get(key: string): unknown;
  /** The value read as a type. @throws ConfigError `CONFIG_VALUE_INVALID` */
  get<Type extends SettingType>(key: string, type: Type): SettingTypes[Type] | undefined;
  has(key: string): boolean;
  /** Sets a value for this process, as if it stood in `config.toml`: variables and `secrets.toml` still win. Nothing is saved. */
  set(key: string, value: unknown): void;
  /** Forgets what was set, also by `secrets.set`. Files are read anew anyway, whenever a source or pipeline is made. */
  reload(): void;
}

/** Secrets by their full keys, from places for secrets alone: not from `config.toml`. */
export interface SecretsAccess {
  /** @throws ConfigError `CONFIG_FIELD_MISSING` */
  value(key: string): Secret;
  /** `undefined` where there is none. */
  get(key: string): Secret | undefined;
  has(key: string): boolean;
  /** Sets a secret for this process, as if it stood in `secrets.toml`: variables still win. Nothing is saved. */
  set(key: string, value: string | Secret): void;
}

/** Settings that the program reads and sets itself. Sources and destinations get theirs without it. */
export const config: ConfigAccess = {
  value(key) {
    const value = exact(key, places());
    if (value === undefined) throw missing(key, places());
    return typeof value === "string" ? castText(value) : value;
  },
  get(key: string, type?: SettingType): never {
    const value = exact(key, places());
    return (value === undefined || type === undefined ? value : read(key, value, type)) as never;
  },
  has: (key) => exact(key, places()) !== undefined,
  set: (key, value) => writeSetting("config.toml", key.split("."), value),
  reload: forgetWritten,
};

export const secrets: SecretsAccess = {
  value(key) {
    const value = this.get(key);
    if (value === undefined) throw missing(key, secretPlaces());
    return value;
  },
  get(key) {
    const value = exact(key, secretPlaces(), { secret: true });
    const text = readers.text(value);
    return text === undefined ? undefined : secretOf(text);
  },
  has: (key) => exact(key, secretPlaces(), { secret: true }) !== undefined,
  set: (key, value) => writeSetting("secrets.toml", key.split("."), isSecret(value) ? value.reveal() : value),
};

function places(): readonly ConfigProvider[] {
  return loadConfig(defaultRuntime()).providers;
}

function secretPlaces(): readonly ConfigProvider[] {
  return places().filter(({ holdsSecrets }) => holdsSecrets);
}

function exact(key: string, providers: readonly ConfigProvider[], { secret = false } = {}): unknown {
  for (const provider of providers) {
    const value = provider.find(key.split("."), { secret, nested: false });
    if (value !== undefined) return value;
  }
  return undefined;
}

function read(key: string, native: unknown, type: SettingType): unknown {
  const { wanted, read: readAs } = settingTypes[type];
  const value = readAs(native);
  if (value !== undefined) return value;
  throw new ConfigError("CONFIG_VALUE_INVALID", `The setting \`${key}\` cannot be used: expected ${wanted}.`, {
    hint: `Correct \`${key}\`.`,
    context: { field: key, key },
  });
}

function missing(key: string, providers: readonly ConfigProvider[]): ConfigError {
  const tried = providers.map((provider) => `  ${provider.name}: ${provider.keyOf(key.split("."))}`);
  return new ConfigError(
    "CONFIG_FIELD_MISSING",
    `There is no setting \`${key}\`. These were tried:\n${tried.join("\n")}`,
    {
      hint: `Set the environment variable ${key.replaceAll(".", "__").toUpperCase()}, or \`${key}\` in a file below .dlt.`,
      context: { owner: "The program", fields: key },
    },
  );
}
