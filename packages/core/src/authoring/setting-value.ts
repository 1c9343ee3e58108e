import type { ConfigField, SettingType } from "../contract/config.js";
import type { StandardResult } from "../contract/standard-schema.js";
import { isDltError } from "../errors/index.js";
import { isSecret, secretOf } from "./secret.js";
import { settingTypes } from "./setting-types.js";

/** The value of a field, or why there is none: the end of a sentence that names the field, e.g. `expected an integer`. */
export type FieldResult = { readonly value: unknown } | { readonly problem: string };

/** Makes the value of a field from what was given in code: it is parsed and checked, but no text is read as a number. */
export function givenValue(field: ConfigField<unknown>, given: unknown): FieldResult {
  if (field.parse !== undefined) return parsedValue(field, isSecret(given) ? given.reveal() : given);
  if (field.secret) return secretValue(field, given);
  const type = typeOf(field);
  if (type !== undefined && !settingTypes[type].holds(given))
    return { problem: `expected ${settingTypes[type].wanted}` };
  return checkedValue(field, given);
}

/** The declared type, or that of the default. */
export function typeOf(field: ConfigField<unknown>): SettingType | undefined {
  if (field.type !== undefined) return field.type;
  return field.choices === undefined ? defaultTypes[typeof field.default] : "text";
}

const defaultTypes: Readonly<Record<string, SettingType>> = { string: "text", boolean: "boolean", number: "number" };

/** What the field's own function makes of it, checked. */
export function parsedValue(field: ConfigField<unknown>, native: unknown): FieldResult {
  let value: unknown;
  try {
    value = field.parse?.(native);
  } catch (error) {
    if (isDltError(error)) throw error;
    // A parser quotes what it could not read.
    if (holdsSecrets(field)) return { problem: "it could not be read" };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  return checkedValue(field, value);
}

export function checkedValue(field: ConfigField<unknown>, value: unknown): FieldResult {
  const { choices, validate } = field;
  if (choices !== undefined && !choices.some((choice) => choice === value))
    return { problem: `expected one of ${choices.map((choice) => `\`${choice}\``).join(", ")}` };
  if (validate === undefined) return { value };
  const result = validate["~standard"].validate(value);
  if (result instanceof Promise) return { problem: "its check is asynchronous, and settings are read at once" };
  return withIssues(field, result);
}

/** A secret, or a group with one, such as credentials with a password. */
export function holdsSecrets(field: ConfigField<unknown>): boolean {
  if (field.secret) return true;
  if ("anyOf" in field) return (field.anyOf as readonly ConfigField<unknown>[]).some(holdsSecrets);
  return "fields" in field && Object.values(field.fields as object).some(holdsSecrets);
}

function secretValue(field: ConfigField<unknown>, given: unknown): FieldResult {
  if (typeof given !== "string" && !isSecret(given)) return { problem: "expected a text" };
  return checkedValue(field, typeof given === "string" ? secretOf(given) : given);
}

function withIssues(field: ConfigField<unknown>, result: StandardResult<unknown>): FieldResult {
  if (result.issues === undefined) return { value: result.value };
  return { problem: field.secret ? "its check refused it" : result.issues.map(({ message }) => message).join("; ") };
}
