import { jsonPath } from "../json-path/json-path.js";
import { withUrl } from "../request/page-request.js";
import { valueInvalid } from "./page-values.js";
import type { PageAnswer, Paginator } from "./paginator.js";

export interface HeaderLinkOptions {
  /** The relation of the link to the next page. Default: `next`. */
  readonly linksNextKey?: string | undefined;
}

export interface JsonLinkOptions {
  /** JSONPath of the address of the next page. Default: `next`. */
  readonly nextUrlPath?: string | undefined;
}

/** Pages whose `Link` header has the address of the next one. */
export function headerLink({ linksNextKey = "next" }: HeaderLinkOptions): Paginator {
  return linkPaginator("header_link", ({ response }) => linkOf(response.headers.get("link"), linksNextKey));
}

/** Pages whose JSON has the address of the next one. */
export function jsonLink({ nextUrlPath = "next" }: JsonLinkOptions): Paginator {
  const path = jsonPath(nextUrlPath);
  return linkPaginator("json_link", ({ response }) => {
    const value = path.first(response.json());
    if (!value) return null;
    if (typeof value === "string") return value;
    throw valueInvalid(
      response,
      `has something at \`${path.text}\` that is no address`,
      "Name the place of the next page's address as `nextUrlPath`.",
    );
  });
}

/** `<https://a.org/?page=2>; rel="next", <…>; rel="last"` → the first of them. */
export function linkOf(header: string | null, relation: string): string | null {
  const wanted = relation.toLowerCase();
  for (const [, address = "", parameters = ""] of (header ?? "").matchAll(links)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters);
    if ((relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/).includes(wanted)) return address || null;
  }
  return null;
}

const links = /<([^>]*)>((?:\s*;\s*[^\s,;="]+(?:\s*=\s*(?:"[^"]*"|[^\s,;"]*))?)*)/g;

function linkPaginator(type: string, linkIn: (page: PageAnswer) => string | null): Paginator {
  return {
    type,
    first: null,
    requestAt: (request, position) => withUrl(request, withUserInfo(`${position}`, request.url)),
    next: (page) => {
      const link = linkIn(page);
      if (link === null) return null;
      const base = page.request.url.replace(/[?#].*$/s, "");
      if (!URL.canParse(link, base))
        throw valueInvalid(page.response, "links to a next page at what is no address", "Choose another paginator.");
      const url = new URL(link, base);
      // A position may be stored, and is no place for a password.
      url.username = "";
      url.password = "";
      return url.href;
    },
  };
}

/** An address with user and password of another one of the same server. */
function withUserInfo(address: string, from: string): string {
  const url = new URL(address);
  const { origin, username, password } = new URL(from);
  if (url.origin === origin && username !== "") url.username = username;
  if (url.origin === origin && password !== "") url.password = password;
  return url.href;
}
