import type { HttpRuntime } from "../runtime.js";

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Only for the very host that set it. */
  readonly isOfHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
  /** `null`: as long as the client lives. */
  readonly expiresMs: number | null;
}

/** The cookies of a client, by the rules of RFC 6265. They live as long as the client. */
export class Cookies {
  readonly #nowMs: HttpRuntime["nowMs"];
  readonly #cookies = new Map<string, Cookie>();

  constructor({ nowMs }: Pick<HttpRuntime, "nowMs">) {
    this.#nowMs = nowMs;
  }

  /** The `Cookie` header for a request; `null` for none. */
  header({ protocol, hostname, pathname }: URL): string | null {
    const nowMs = this.#nowMs();
    const fitting = [...this.#cookies.values()].filter(
      (cookie) =>
        (cookie.expiresMs === null || cookie.expiresMs > nowMs) &&
        (!cookie.isSecure || protocol === "https:") &&
        (cookie.isOfHostOnly ? hostname === cookie.domain : isWithin(hostname, cookie.domain)) &&
        isBelow(pathname, cookie.path),
    );
    // Those of longer paths come first.
    const sorted = fitting.sort((a, b) => b.path.length - a.path.length);
    return sorted.length === 0 ? null : sorted.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /** Keeps the cookies that an answer sets. */
  keep(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const cookie = this.#parsed(line, url);
      if (cookie === null) continue;
      const key = JSON.stringify([cookie.domain, cookie.path, cookie.name]);
      if (cookie.expiresMs !== null && cookie.expiresMs <= this.#nowMs()) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  #parsed(line: string, { hostname, pathname, protocol }: URL): Cookie | null {
    const [pair = "", ...parts] = line.split(";");
    const [name, value] = halves(pair);
    if (name === "") return null;
    const attributes = new Map(parts.map((part) => [halves(part)[0].toLowerCase(), halves(part)[1]]));
    const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase() ?? "";
    const isOfHostOnly = domain === "" || domain === hostname;
    // A top-level domain would reach the hosts of everybody.
    if (!isOfHostOnly && (!domain.includes(".") || !isWithin(hostname, domain))) return null;
    const isSecure = attributes.has("secure");
    if (isSecure && protocol !== "https:") return null;
    const path = attributes.get("path") ?? "";
    return {
      name,
      value,
      domain: isOfHostOnly ? hostname : domain,
      isOfHostOnly,
      path: path.startsWith("/") ? path : pathname.slice(0, Math.max(1, pathname.lastIndexOf("/"))),
      isSecure,
      expiresMs: this.#expiry(attributes),
    };
  }

  #expiry(attributes: ReadonlyMap<string, string>): number | null {
    const maxAge = attributes.get("max-age") ?? "";
    if (/^-?\d+$/.test(maxAge)) return this.#nowMs() + Number(maxAge) * 1000;
    const expires = Date.parse(attributes.get("expires") ?? "");
    return Number.isNaN(expires) ? null : expires;
  }
}

function halves(pair: string): readonly [name: string, value: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair.trim(), ""] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

function isWithin(hostname: string, domain: string): boolean {
  return hostname === domain || (hostname.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(hostname));
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
