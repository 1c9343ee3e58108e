import { ConfigError } from "@dlt/core";
import type { ConfigContext } from "./config-context.js";

/** A key that was looked for in a place that does not have it. */
export interface TriedKey {
  readonly providerName: string;
  readonly key: string;
}

/** A setting without a value. */
export interface MissingField {
  /** With the fields around it, e.g. `credentials.password`. */
  readonly name: string;
  /** As it stands in files, and the sections that are suggested for it. */
  readonly key: string;
  readonly sections: readonly string[];
  readonly isSecret: boolean;
  /** In order; empty when the value `null` was given. */
  readonly tried: readonly TriedKey[];
}

/** Names every missing setting with all the keys that were tried for it, in order, and the files that were searched. */
export function missingFieldsError(
  missing: readonly MissingField[],
  { owner, config }: { readonly owner: string; readonly config: ConfigContext },
): ConfigError {
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  const lines = [`${owner} needs ${missing.length === 1 ? "the setting" : "the settings"} ${names}.`];
  for (const field of missing) lines.push(...triedLines(field));
  lines.push(...locationLines(config));
  return new ConfigError("CONFIG_FIELD_MISSING", lines.join("\n"), {
    ...(missing[0] && { hint: suggestion(missing[0]) }),
    context: { owner, fields: missing.map(({ name }) => name).join(", ") },
  });
}

function triedLines({ name, tried }: MissingField): readonly string[] {
  if (tried.length === 0) return [`\`${name}\` was given as null, or there is no place to look it up in.`];
  return [
    `For \`${name}\` these were tried, in this order:`,
    ...tried.map(({ providerName, key }) => `  ${providerName}: ${key}`),
  ];
}

function locationLines({ providers, profile }: ConfigContext): readonly string[] {
  const locations = providers.flatMap((provider) => provider.locations);
  const found = locations.filter((location) => location.found).map(({ path }) => path);
  const missing = locations.filter((location) => !location.found).map(({ path }) => path);
  return [
    ...(profile === null ? [] : [`The profile is \`${profile}\`.`]),
    ...(found.length === 0 ? [] : [`Files read: ${found.join(", ")}.`]),
    ...(missing.length === 0 ? [] : [`Files that are not there: ${missing.join(", ")}.`]),
  ];
}

function suggestion({ key, sections, isSecret }: MissingField): string {
  const variable = [...sections, key].join("__").toUpperCase();
  const file = isSecret ? ".dlt/secrets.toml" : ".dlt/config.toml";
  const table = sections.length === 0 ? "at the top of" : `under [${sections.join(".")}] in`;
  return `Set the environment variable ${variable}, or \`${key}\` ${table} ${file}, or give the value in code.`;
}
