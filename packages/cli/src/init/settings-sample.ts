import type { ConfigField, ConfigGroup, ConfigSpec, Destination } from "@dlt/core";

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
  const isGiven = fields.some(([, field]) => !isGroup(field) && isRequired(field));
  const keys = fields.flatMap(([name, field]) =>
    !isGroup(field) && (isRequired(field) || (isGiven && field.secret)) ? [sampleLine(name, field)] : [],
  );
  const own = keys.length === 0 ? [] : [[`[${section}]`, ...keys, ""].join("\n")];
  const nested = fields.flatMap(([name, field]) =>
    isGroup(field) && field.optional !== true ? tablesOf(field.fields, `${section}.${settingKey(name)}`) : [],
  );
  return [...own, ...nested];
}

function sampleLine(name: string, field: ConfigField<unknown>): string {
  const doc = field.doc === undefined ? "" : ` ${field.doc.replaceAll(/\s+/g, " ")}`;
  return `${settingKey(name)} = "<configure me>" # fill this in!${doc}`;
}

function isRequired({ optional, default: fallback }: ConfigField<unknown>): boolean {
  return optional !== true && fallback === undefined;
}

function isGroup(field: ConfigField<unknown>): field is ConfigGroup<unknown> {
  return "fields" in field;
}

/** `accessToken` → `access_token` */
function settingKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
