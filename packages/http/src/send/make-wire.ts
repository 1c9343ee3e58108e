import type { RestClientOptions } from "../rest-client.js";
import type { HttpRuntime } from "../runtime.js";
import { SecretsSent } from "../secrets.js";
import { sendSettings } from "../settings.js";
import { version } from "../version.js";
import { Cookies } from "./cookies.js";
import type { Wire } from "./wire.js";

/** What the requests of a client share, made when the first of them asks: settings may not be there before. */
export function makeWire(options: RestClientOptions, runtime: HttpRuntime): () => Wire {
  let made: Wire | null = null;
  const { fetch, cookies = true, onEvent } = options;
  return () => {
    const warned = new Set<string>();
    made ??= {
      // Looked up for each request, as tests put another in its place.
      fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
      runtime,
      settings: sendSettings(options),
      secrets: new SecretsSent(),
      defaultHeaders: { "user-agent": `dlt-ts/${version}` },
      cookies: cookies ? new Cookies(runtime) : null,
      emit: (event) => onEvent?.(event()),
      warnOnce: (code, message) => {
        if (warned.has(message)) return;
        warned.add(message);
        runtime.warn({ code, message });
      },
    };
    return made;
  };
}
