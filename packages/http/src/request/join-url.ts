import { requestInvalid } from "../errors.js";

/**
 * The address of a path below a base address, joined as text: `("https://a.org/v1/", "/posts")` → `https://a.org/v1/posts`. An
 * absolute path stays as it is; an empty one is the base address.
 * @throws SourceError `HTTP_REQUEST_INVALID`
 */
export function joinUrl(baseUrl: string | undefined, path: string): string {
  if (isAbsolute(path)) return path;
  if (baseUrl === undefined) {
    throw requestInvalid("The path is not absolute, and the client has no `baseUrl`", {
      hint: "Give `baseUrl` where the client is made, or a path that begins with `https://`.",
    });
  }
  if (baseUrl === "") return path;
  if (path === "") return baseUrl;
  return `${baseUrl.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

function isAbsolute(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/** An address with more behind its query. */
export function appendQuery(url: string, query: string): string {
  if (query === "") return url;
  const [address = "", fragment] = url.split("#", 2);
  const separator = !address.includes("?") ? "?" : /[?&]$/.test(address) ? "" : "&";
  return `${address}${separator}${query}${fragment === undefined ? "" : `#${fragment}`}`;
}
