import type { Secret } from "../contract/config.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A secret. With a function the text is fetched when it is first revealed. */
export function secretOf(text: string | (() => string)): Secret {
  let known = typeof text === "string" ? text : undefined;
  const hidden = (): string => "[secret]";
  const value = {
    "~dlt": "secret",
    reveal: (): string => (known ??= typeof text === "string" ? text : text()),
    toString: hidden,
    toJSON: hidden,
    [inspect]: hidden,
  } as const;
  // What enumerates the value finds nothing to print.
  for (const key of Object.keys(value)) Object.defineProperty(value, key, { enumerable: false });
  return Object.freeze(value);
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "~dlt" in value && value["~dlt"] === "secret";
}
