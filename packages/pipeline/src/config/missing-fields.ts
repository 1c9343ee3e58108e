import { ConfigError } from "@dlt/core";
import type { ConfigContext } from "./config-context.js";
import { type NearKey, nearKeys, nearSections, type UnsetFields } from "./near-keys.js";

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
  /** The group that it is a part of, and the parts that were given or found. */
  readonly group?: { readonly name: string; readonly found: readonly string[] };
}

export interface MissingFieldsOf {
  readonly owner: string;
  readonly config: ConfigContext;
  /** All fields without a value, to tell of keys that look like one of them. */
  readonly unset: readonly UnsetFields[];
  /** Places that answer later, and were not asked. */
  readonly notAsked: ReadonlySet<string>;
}

/** Names every missing setting with all the keys that were tried for it, in order, and the files that were searched. */
export function missingFieldsError(
  missing: readonly MissingField[],
  { owner, config, unset, notAsked }: MissingFieldsOf,
): ConfigError {
  const names = missing.map(({ name }) => `\`${name}\``).join(", ");
  const lines = [`${owner} needs ${missing.length === 1 ? "the setting" : "the settings"} ${names}.`];
  for (const field of missing) lines.push(...triedLines(field));
  const groups = new Set(
    missing.flatMap(({ group }) => (group !== undefined && group.found.length > 0 ? [group] : [])),
  );
  for (const { name, found } of groups)
    lines.push(`Of \`${name}\` there are ${found.map((part) => `\`${part}\``).join(", ")}.`);
  const near = [
    ...unset.flatMap(nearKeys),
    ...config.providers.flatMap((each) => nearSections(each, config.pipelineName)),
  ];
  const passed = [...notAsked].map((name) => `${name} was not asked, because it answers later: ${whenAsked}.`);
  lines.push(...near.map(nearLine), ...passed, ...locationLines(config));
  return new ConfigError("CONFIG_FIELD_MISSING", lines.join("\n"), {
    ...(missing[0] && { hint: suggestion(missing[0]) }),
    context: { owner, fields: missing.map(({ name }) => name).join(", ") },
  });
}

const whenAsked = "it is, where the function of the source is asynchronous";

function nearLine({ key, provider, meant }: NearKey): string {
  return `${provider.name} has \`${key}\`, which nothing reads. Did you mean \`${meant}\`?`;
}

function triedLines({ name, tried }: MissingField): readonly string[] {
  if (tried.length === 0) return [`\`${name}\` was given as null, or there is no place to look it up in.`];
  return [
    `For \`${name}\` these were tried, in this order:`,
    ...tried.map(({ providerName, key }) => `  ${providerName}: ${key}`),
  ];
}

function locationLines({ providers, profile, otherSettingsDir }: ConfigContext): readonly string[] {
  const locations = providers.flatMap((provider) => provider.locations);
  const found = locations.filter((location) => location.found).map(({ path }) => path);
  const missing = locations.filter((location) => !location.found).map(({ path }) => path);
  return [
    ...(profile === null ? [] : [`The profile is \`${profile}\`.`]),
    ...(found.length === 0 ? [] : [`Files read: ${found.join(", ")}.`]),
    ...(missing.length === 0 ? [] : [`Files that are not there: ${missing.join(", ")}.`]),
    ...(otherSettingsDir === undefined
      ? []
      : [`There are settings in ${otherSettingsDir}, which are not read, because the program was started elsewhere.`]),
  ];
}

function suggestion({ key, sections, isSecret }: MissingField): string {
  const variable = [...sections, key].join("__").toUpperCase();
  const file = isSecret ? ".dlt/secrets.toml" : ".dlt/config.toml";
  const table = sections.length === 0 ? "at the top of" : `under [${sections.join(".")}] in`;
  return `Set the environment variable ${variable}, or \`${key}\` ${table} ${file}, or give the value in code.`;
}
