import { isSecret, type Secret } from "@dlt/core";
import { requestInvalid } from "../errors.js";
import type { SecretsSent } from "../secrets.js";

export type ParamValue = string | number | bigint | boolean | Date | Secret | null | undefined;

/** Parameters of a query or form. Those that are `null` or `undefined` are left out, arrays repeat their name. */
export type Params = Readonly<Record<string, ParamValue | readonly ParamValue[]>>;

/**
 * `{ state: "all", label: ["a", "b c"] }` → `state=all&label=a&label=b+c`.
 * @throws SourceError `HTTP_REQUEST_INVALID` for objects
 */
export function encodeParams(
  params: Params | readonly (readonly [string, ParamValue])[],
  secrets: SecretsSent,
): string {
  const encoded = new URLSearchParams();
  const entries = isPairs(params) ? params : Object.entries(params);
  for (const [name, value] of entries) {
    for (const each of isList(value) ? value : [value]) {
      const text = paramText(name, each);
      if (text === null) continue;
      if (isSecret(each)) secrets.add(text);
      encoded.append(name, text);
    }
  }
  return encoded.toString();
}

function paramText(name: string, value: ParamValue): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (isSecret(value)) return value.reveal();
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (typeof value === "object" || typeof value === "function" || typeof value === "symbol")
    throw requestInvalid(`The parameter \`${name}\` is neither text, number, boolean nor date`, {
      hint: "Turn it into text, or give a list to repeat it.",
      context: { parameter: name },
    });
  return `${value}`;
}

function isPairs(
  params: Params | readonly (readonly [string, ParamValue])[],
): params is readonly (readonly [string, ParamValue])[] {
  return Array.isArray(params);
}

function isList(value: ParamValue | readonly ParamValue[]): value is readonly ParamValue[] {
  return Array.isArray(value);
}
