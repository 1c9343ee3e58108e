import { type ConfigField, isDltError, isSecret, type StandardResult } from "@dlt/core";
import { secretOf } from "@dlt/core/engine";
import { castText, readers } from "./text-values.js";

/**
 * The value of a field, or why there is none: the end of a sentence that names the field, e.g. `expected an integer`.
 */
export type FieldResult = { readonly value: unknown } | { readonly problem: string };

/**
 * Makes the value of a field from what was given in code: it is parsed and checked, but no text is read as a number.
 */
export function givenValue(field: ConfigField<unknown>, given: unknown): FieldResult {
  if (field.parse !== undefined) return parsed(field, field.secret && isSecret(given) ? given.reveal() : given);
  if (field.secret && typeof given === "string") return checked(field, secretOf(given));
  return checked(field, given);
}

/** Makes the value of a field from what a place holds: text from the environment, values from TOML. */
export function foundValue(field: ConfigField<unknown>, native: unknown): FieldResult {
  if (field.parse !== undefined) return parsed(field, native);
  if (field.secret) {
    const text = readers.text(native);
    return text === undefined ? { problem: "expected a text" } : checked(field, secretOf(text));
  }
  if (field.default !== undefined && field.default !== null) return likeDefault(field, native);
  const asIs = checked(field, native);
  if ("value" in asIs || typeof native !== "string") return asIs;
  const cast = castText(native);
  if (cast === native) return asIs;
  const asCast = checked(field, cast);
  return "value" in asCast ? asCast : asIs;
}

function likeDefault(field: ConfigField<unknown>, native: unknown): FieldResult {
  const kind = defaultKinds[typeof field.default];
  if (kind === undefined) return checked(field, native);
  const value = readers[kind](native);
  return value === undefined ? { problem: `expected ${kindNames[kind]}` } : checked(field, value);
}

const defaultKinds: Readonly<Record<string, keyof typeof kindNames>> = {
  string: "text",
  boolean: "boolean",
  number: "number",
  object: "structure",
};

const kindNames = {
  text: "a text",
  boolean: "yes or no (true, false, 1, 0)",
  number: "a number",
  structure: "an object or a list as JSON",
} as const;

function parsed(field: ConfigField<unknown>, native: unknown): FieldResult {
  let value: unknown;
  try {
    value = field.parse?.(native);
  } catch (error) {
    if (isDltError(error)) throw error;
    // A parser quotes what it could not read.
    if (field.secret) return { problem: "it could not be read" };
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  return checked(field, value);
}

function checked(field: ConfigField<unknown>, value: unknown): FieldResult {
  if (field.validate === undefined) return { value };
  const result = field.validate["~standard"].validate(value);
  if (result instanceof Promise) return { problem: "its check is asynchronous, and settings are read at once" };
  return withIssues(field, result);
}

function withIssues(field: ConfigField<unknown>, result: StandardResult<unknown>): FieldResult {
  if (result.issues === undefined) return { value: result.value };
  return { problem: field.secret ? "its check refused it" : result.issues.map(({ message }) => message).join("; ") };
}
