import { optionInvalid, optionUnknown } from "../errors.js";
import { type HeaderCursorOptions, headerCursor, type JsonCursorOptions, jsonCursor } from "./cursor.js";
import { type HeaderLinkOptions, headerLink, type JsonLinkOptions, jsonLink } from "./link.js";
import type { Paginator } from "./paginator.js";
import { type OffsetOptions, offset, type PageNumberOptions, pageNumber } from "./range.js";
import { singlePage } from "./single-page.js";

/** A paginator by its type and options. */
export type PaginatorConfig =
  | { readonly type: "single_page" }
  | ({ readonly type: "header_link" } & HeaderLinkOptions)
  | ({ readonly type: "header_cursor" } & HeaderCursorOptions)
  | ({ readonly type: "json_link" } & JsonLinkOptions)
  /** Another name of `json_link`. */
  | ({ readonly type: "json_response" } & JsonLinkOptions)
  | ({ readonly type: "cursor" } & JsonCursorOptions)
  | ({ readonly type: "offset" } & OffsetOptions)
  | ({ readonly type: "page_number" } & PageNumberOptions)
  | { readonly type: "auto" };

export type PaginatorType = PaginatorConfig["type"];

/** A type with its usual options, a type with options, or a paginator of one's own. `auto`: found out from the first page. */
export type PaginatorOption = Exclude<PaginatorType, "offset"> | PaginatorConfig | Paginator;

interface Kind {
  readonly options: readonly string[];
  make(options: never): Paginator;
}

const rangeEnds = ["totalPath", "stopAfterEmptyPage", "hasMorePath"];
const jsonLinkKind: Kind = { options: ["nextUrlPath"], make: jsonLink };

const kinds: Readonly<Record<Exclude<PaginatorType, "auto">, Kind>> = {
  single_page: { options: [], make: () => singlePage },
  header_link: { options: ["linksNextKey"], make: headerLink },
  header_cursor: { options: ["cursorKey", "cursorParam"], make: headerCursor },
  json_link: jsonLinkKind,
  json_response: jsonLinkKind,
  cursor: {
    options: ["cursorPath", "cursorParam", "cursorBodyPath", "stopAfterEmptyPage", "hasMorePath"],
    make: jsonCursor,
  },
  offset: {
    options: [
      "limit",
      "offset",
      "offsetParam",
      "offsetBodyPath",
      "limitParam",
      "limitBodyPath",
      "maximumOffset",
      ...rangeEnds,
    ],
    make: offset,
  },
  page_number: {
    options: ["basePage", "page", "pageParam", "pageBodyPath", "maximumPage", ...rangeEnds],
    make: pageNumber,
  },
};

/**
 * The paginator for an option; `null` for `auto`.
 * @throws SourceError `PAGINATOR_OPTION_INVALID`, `JSON_PATH_INVALID`
 */
export function paginatorOf(option: PaginatorOption): Paginator | null {
  if (isOwn(option)) return option;
  const { type, ...options } = typeof option === "string" ? { type: option } : (option ?? {});
  if (type === "auto") return null;
  const kind = Object.hasOwn(kinds, type ?? "") ? kinds[type as keyof typeof kinds] : undefined;
  if (kind === undefined) {
    const expected = `one of ${[...Object.keys(kinds), "auto"].join(", ")}`;
    throw optionInvalid("paginator", expected, { given: type, code: "PAGINATOR_OPTION_INVALID" });
  }
  const unknown = Object.keys(options).find((name) => !kind.options.includes(name));
  if (unknown !== undefined)
    throw optionUnknown(`The paginator \`${type}\``, unknown, {
      known: kind.options,
      code: "PAGINATOR_OPTION_INVALID",
    });
  return kind.make(options as never);
}

function isOwn(option: PaginatorOption): option is Paginator {
  const { type, requestAt, next } = (option ?? {}) as Partial<Paginator>;
  return typeof type === "string" && typeof requestAt === "function" && typeof next === "function";
}
