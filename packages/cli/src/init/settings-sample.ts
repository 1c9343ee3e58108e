import type { ConfigChoice, ConfigField, ConfigGroup, ConfigSpec, Destination, SettingType } from "@dlt/core";

/**
 * The settings of a destination that have to be given, as a part of `secrets.toml` to fill in; `null`: there are none. Where a part of a
 * group has to be, its secrets stand beside it.
 */
export function settingsSample({ name, config }: Destination): string | null {
  const tables = tablesOf(config, `destination.${name}`);
  return tables.length === 0 ? null : `${tables.join("\n")}\n`;
}

function tablesOf(spec: ConfigSpec, section: string): readonly string[] {
  const fields = Object.entries(spec);
  const isGiven = fields.some(([, field]) => groupOf(field) === undefined && isRequired(field));
  const keys = fields.flatMap(([name, field]) =>
    groupOf(field) === undefined && (isRequired(field) || (isGiven && field.secret)) ? [sampleLine(name, field)] : [],
  );
  const own = keys.length === 0 ? [] : [[`[${section}]`, ...keys, ""].join("\n")];
  const nested = fields.flatMap(([name, field]) => {
    const group = groupOf(field);
    return group !== undefined && field.optional !== true
      ? tablesOf(group.fields, `${section}.${settingKey(name)}`)
      : [];
  });
  return [...own, ...nested];
}

function sampleLine(name: string, field: ConfigField<unknown>): string {
  const doc = field.doc === undefined ? "" : ` ${field.doc.replaceAll(/\s+/g, " ")}`;
  return `${settingKey(name)} = ${sampleValue(field)} # fill this in!${doc}`;
}

/** A value of the type of the field, as Python dlt writes it. */
function sampleValue({ type, choices }: ConfigField<unknown>): string {
  if (choices?.[0] !== undefined) return JSON.stringify(choices[0]);
  return (type && samples[type]) ?? '"<configure me>"';
}

const samples: { readonly [Type in SettingType]?: string } = {
  boolean: "true",
  integer: "0",
  number: "1.0",
  decimal: '"1.0"',
  timestamp: '"1768-07-21T02:56:07.000003Z"',
  date: '"1768-07-21"',
  list: "[]",
  object: "{}",
};

function isRequired({ optional, default: fallback }: ConfigField<unknown>): boolean {
  return optional !== true && fallback === undefined;
}

/** Of several groups the first. */
function groupOf(field: ConfigField<unknown>): ConfigGroup<unknown> | undefined {
  if ("anyOf" in field) return (field as ConfigChoice<unknown>).anyOf[0];
  return "fields" in field ? (field as ConfigGroup<unknown>) : undefined;
}

/** `accessToken` → `access_token` */
function settingKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
