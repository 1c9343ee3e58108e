import { ConfigError } from "./dlt-error.js";
import type { ErrorEntry } from "./error-entry.js";

// One for all copies of this package, so that tools find what connectors with a copy of their own register.
const registryKey = Symbol.for("dlt.errors");

type Registry = Map<string, ErrorEntry>;

/**
 * Makes codes of a connector known to tools such as `dlt explain`. To be called where the connector is imported.
 *
 * ```ts
 * export const errors = registerErrors("ACME", {
 *   QUOTA_EXCEEDED: { title: "The quota of the account is used up", explanation: "It starts anew at midnight UTC." },
 * });
 * // throw new SourceError("ACME:QUOTA_EXCEEDED", "Account `x` has no requests left.", { hint: "Run again tomorrow." });
 * ```
 * @param prefix capital letters and digits; the name of the connector or of its maker
 * @param entries by the part of the code after the colon: words of capital letters and digits, joined with `_`
 * @returns the entries by their whole codes
 * @throws ConfigError `ERROR_CODE_INVALID`
 */
export function registerErrors<Prefix extends Uppercase<string>, Name extends Uppercase<string>>(
  prefix: Prefix,
  entries: Readonly<Record<Name, ErrorEntry>>,
): Readonly<Record<`${Prefix}:${Name}`, ErrorEntry>> {
  if (!/^[A-Z][A-Z\d]*$/.test(prefix)) throw invalid(prefix);
  const whole: [string, ErrorEntry][] = [];
  for (const [name, entry] of Object.entries<ErrorEntry>(entries)) {
    if (!/^[A-Z][A-Z\d]*(_[A-Z\d]+)*$/.test(name)) throw invalid(`${prefix}:${name}`);
    whole.push([`${prefix}:${name}`, entry]);
  }
  // Of a connector that is there in two versions, the one that was imported last counts.
  for (const [code, entry] of whole) registry().set(code, entry);
  return Object.fromEntries(whole) as Record<`${Prefix}:${Name}`, ErrorEntry>;
}

/** What connectors that were imported have registered, by code. */
export function registeredErrors(): Readonly<Record<string, ErrorEntry>> {
  return Object.fromEntries(registry());
}

function registry(): Registry {
  const holder = globalThis as { [registryKey]?: Registry };
  holder[registryKey] ??= new Map();
  return holder[registryKey];
}

function invalid(code: string): ConfigError {
  return new ConfigError("ERROR_CODE_INVALID", `\`${code}\` cannot be the code of an error of a connector.`, {
    hint: "Use capital letters and digits, e.g. `ACME` for a prefix and `QUOTA_EXCEEDED` for a name.",
  });
}
