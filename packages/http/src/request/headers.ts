import { isSecret, type Secret } from "@dlt/core";
import { requestInvalid } from "../errors.js";
import type { SecretsSent } from "../secrets.js";

/** Headers by name. `null` and `undefined` take one away that the client would send. */
export type HeaderValues = Readonly<Record<string, string | Secret | null | undefined>>;

/** Names of headers that usually hold secrets. */
const secretName = /auth|token|key|secret|password|cookie|signature/i;

/** Headers with others over them, by name in any case. */
export function headersOver(below: HeaderValues = {}, above?: HeaderValues): HeaderValues {
  if (above === undefined) return below;
  const names = new Set(Object.keys(above).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(below).filter(([name]) => !names.has(name.toLowerCase()))), ...above };
}

export interface MergedHeaders {
  readonly headers: Headers;
  /** Names, lower case, of headers with secrets: they are sent to no other host. */
  readonly confidential: ReadonlySet<string>;
}

/**
 * Headers of a client overlaid by those of a request; names are the same in any case.
 * @throws SourceError `HTTP_REQUEST_INVALID`
 */
export function mergeHeaders(layers: readonly (HeaderValues | undefined)[], secrets: SecretsSent): MergedHeaders {
  const headers = new Headers();
  const confidential = new Set<string>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      const text = isSecret(value) ? value.reveal() : (value ?? null);
      setHeader(headers, name, text);
      if (text === null || !(isSecret(value) || secretName.test(name))) continue;
      secrets.addCredentials(text);
      confidential.add(name.toLowerCase());
    }
  }
  return { headers, confidential };
}

/** Sets a header, or takes it away. Errors of the platform would have the value in them, which may be a secret. */
export function setHeader(headers: Headers, name: string, value: string | null): void {
  try {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  } catch {
    throw requestInvalid(`The header \`${name}\` has a name or a value that cannot be sent`, {
      hint: "Use letters, digits and `-` for names, and neither line breaks nor characters beyond Latin-1 for values.",
      context: { header: name },
    });
  }
}
