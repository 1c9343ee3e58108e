import { isSecret, type Secret } from "@dlt/core";

/** A secret given as its text or as a setting that was found. */
export type SecretText = string | Secret;

/** The text of a secret. */
export function revealed(secret: SecretText): string {
  return isSecret(secret) ? secret.reveal() : secret;
}

/** Query parameters that hold secrets, lower case. */
const secretParameters: ReadonlySet<string> = new Set([
  ...["api_key", "token", "key", "access_token", "apikey", "api-key", "access-token", "secret", "password", "pwd"],
  ...["client_secret", "refresh_token", "id_token", "auth_token", "api_token", "authorization", "assertion"],
  ...["client_assertion", "sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature"],
]);

export function isSecretParameter(name: string): boolean {
  return secretParameters.has(name.toLowerCase());
}

/** Shorter ones are met by chance in any text. */
const shortestSecret = 4;

/** The secrets that a client has sent, so that no message has one of them in it. */
export class SecretsSent {
  readonly #values = new Set<string>();

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  add(value: string): void {
    if (value.length < shortestSecret || this.#values.has(value)) return;
    this.#values.add(value);
    this.#values.add(encodeURIComponent(value));
    this.#values.add(new URLSearchParams([["", value]]).toString().slice(1));
  }

  /** The same for what a header holds: `Bearer abc` has the secret `abc`. */
  addCredentials(value: string): void {
    this.add(value);
    this.add(value.slice(value.lastIndexOf(" ") + 1));
  }

  has(value: string): boolean {
    return this.#values.has(value);
  }

  /** A text with `***` in the place of every secret. */
  redact(text: string): string {
    let redacted = text;
    for (const value of this.#values) redacted = redacted.replaceAll(value, "***");
    return redacted;
  }

  /** An address for people: `https://a/b?api_key=***&p=1`. */
  redactUrl(url: string | URL): string {
    const [, head = "", query, fragment = ""] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(`${url}`) ?? [];
    const shown = head.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/@]*@/i, "$1***@");
    if (query === undefined) return this.redact(shown + fragment);
    const pairs = query.split("&").map((pair) => {
      const [name = ""] = pair.split("=", 1);
      const isHidden = pair.includes("=") && isSecretParameter(decoded(name));
      return isHidden ? `${name}=***` : pair;
    });
    return this.redact(`${shown}?${pairs.join("&")}${fragment}`);
  }
}

function decoded(name: string): string {
  return new URLSearchParams(name).keys().next().value ?? "";
}
