import type { Secret } from "../contract/config.js";
import { ConfigError } from "../errors/index.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A secret. With a function the text is fetched when it is first revealed. */
export function secretOf(text: string | (() => string)): Secret {
  let known = typeof text === "string" ? text : undefined;
  return hidden(() => (known ??= typeof text === "string" ? text : text()));
}

/**
 * A secret whose text comes later, such as from a vault: `fetch` is called once, when rows are first read. Revealing it earlier is an error.
 * `name`: what it is, for messages.
 */
export function fetchedSecret(fetch: () => Promise<string>, name: string): Secret {
  let known: string | undefined;
  let failure: { readonly error: unknown } | undefined;
  const pending = async (): Promise<void> => {
    try {
      known = await fetch();
      unfetched().delete(pending);
    } catch (error) {
      // Thrown where it is revealed: what is read may do without.
      failure = { error };
    }
  };
  unfetched().add(pending);
  return hidden(() => {
    if (known !== undefined) return known;
    if (failure !== undefined) throw failure.error;
    throw new ConfigError("CONFIG_SECRET_NOT_FETCHED", `${name} was revealed before it was fetched.`, {
      hint: "Reveal it where rows are read, or make the function of the source asynchronous: it then gets secrets that are there.",
    });
  });
}

/** Fetches the secrets that sources were given and that are not here yet. Those that failed before are tried again. */
export async function fetchSecrets(): Promise<void> {
  const pending = unfetched();
  if (pending.size > 0) await Promise.all([...pending].map((fetch) => fetch()));
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "~dlt" in value && value["~dlt"] === "secret";
}

class HiddenText {
  constructor(reveal: () => string) {
    const members = { "~dlt": "secret", reveal, toString: masked, toJSON: masked, [inspect]: masked };
    // What enumerates the value finds nothing to print.
    for (const key of Reflect.ownKeys(members))
      Object.defineProperty(this, key, { value: members[key as keyof typeof members] });
    Object.freeze(this);
  }
}

function hidden(reveal: () => string): Secret {
  // A proxy cannot be cloned: sending a secret to a worker fails there and then, instead of arriving as an empty object.
  return new Proxy(new HiddenText(reveal), {}) as unknown as Secret;
}

function masked(): string {
  return "[secret]";
}

const unfetchedKey = Symbol.for("dlt.unfetchedSecrets");
type Realm = { [unfetchedKey]?: Set<() => Promise<void>> };

/** One for all copies of this package: a source may come from another copy than what reads it. */
function unfetched(): Set<() => Promise<void>> {
  const realm = globalThis as Realm;
  realm[unfetchedKey] ??= new Set();
  return realm[unfetchedKey];
}
