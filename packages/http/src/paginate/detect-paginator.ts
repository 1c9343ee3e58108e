import { memberOf } from "../json-path/find-values.js";
import type { HttpResponse } from "../send/http-response.js";
import { linkOf } from "./link.js";
import { integerOf } from "./page-values.js";
import type { PaginatorConfig } from "./paginator-config.js";

/** What the first page of a list shows of how it goes on. */
export interface DetectedPaginator {
  readonly config: Exclude<PaginatorConfig, { type: "auto" }>;
  /** What was supposed and may be wrong, as a sentence; `null`: nothing. */
  readonly doubt: string | null;
}

/** Finds out how a list goes on, from its first page. Looks for a link, for an address, for a number of pages, and for a cursor. */
export function detectPaginator(
  response: HttpResponse,
  { isList }: { /** The rows are a list, and not a single object. */ readonly isList: boolean },
): DetectedPaginator {
  if (linkOf(response.headers.get("link"), "next") !== null) return sure({ type: "header_link" });
  const json = response.json();
  const next = findMember(json, nextIn);
  const nextValue = next === null ? null : valueAt(json, next);
  if (next !== null && typeof nextValue === "string" && /^(?:http|\/)/.test(nextValue))
    return sure({ type: "json_link", nextUrlPath: pathText(next) });
  const total = findMember(json, totalIn);
  if (total !== null && integerOf(valueAt(json, total)) !== null) return pageNumbers(json, total);
  if (next !== null) {
    const doubt = `the next page is asked for with the value of \`${pathText(next)}\` as the parameter \`cursor\``;
    return { config: { type: "cursor", cursorPath: pathText(next) }, doubt };
  }
  return {
    config: { type: "single_page" },
    doubt: isList ? "the first page is taken for the only one, as nothing in it tells how the list goes on" : null,
  };
}

/** Members beside a number of pages that tell which page it is. */
const pageNames = ["page", "current_page", "currentPage", "number", "index"];

function pageNumbers(json: unknown, total: readonly string[]): DetectedPaginator {
  const around = valueAt(json, total.slice(0, -1));
  const shown = pageNames.map((name) => integerOf(memberOf(around, name))).find((page) => page === 0 || page === 1);
  const basePage = shown ?? 0;
  const why = shown === undefined ? "as nothing tells otherwise" : "as the first answer says";
  return {
    config: { type: "page_number", totalPath: pathText(total), basePage },
    doubt: `pages are asked for with the parameter \`page\` and counted from ${basePage}, ${why}`,
  };
}

function sure(config: DetectedPaginator["config"]): DetectedPaginator {
  return { config, doubt: null };
}

type Finder = (key: string, value: unknown) => readonly string[] | null;

/** Objects are looked into so deep. */
const deepest = 100;

/** Goes through the members of objects in order, into those below a member right after it. Lists are not entered. */
function findMember(value: unknown, finder: Finder, depth = 0): readonly string[] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value) || depth === deepest) return null;
  for (const [key, member] of Object.entries(value)) {
    const found = finder(key, member);
    if (found !== null) return found;
    const below = findMember(member, finder, depth + 1);
    if (below !== null) return [key, ...below];
  }
  return null;
}

/** `next…` itself, or an address in it: `{ "next": { "href": … } }`. */
const nextIn: Finder = (key, value) => {
  if (!key.toLowerCase().startsWith("next")) return null;
  if (isScalar(value)) return [key];
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const address = Object.entries(value).find(([name, member]) => /^(?:href|url)/i.test(name) && isScalar(member));
  return address === undefined ? null : [key, address[0]];
};

const totalIn: Finder = (key, value) =>
  ["total_pages", "pages", "totalpages"].includes(key.toLowerCase()) && isScalar(value) ? [key] : null;

function isScalar(value: unknown): boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function valueAt(json: unknown, fields: readonly string[]): unknown {
  return fields.reduce<unknown>(memberOf, json);
}

/** Names as a JSONPath, in quotation marks where they need them. */
export function pathText(fields: readonly string[]): string {
  if (fields.length === 0) return "$";
  return fields
    .map((field) => (/^[\p{L}_@][\p{L}\p{N}_@-]*$/u.test(field) ? field : `'${field.replace(/[\\']/g, "\\$&")}'`))
    .join(".");
}
