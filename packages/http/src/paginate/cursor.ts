import type { PlainJson } from "@dlt/core";
import { jsonPath } from "../json-path/json-path.js";
import { withParam } from "../request/page-request.js";
import { hasMoreIn, valueInvalid } from "./page-values.js";
import type { Paginator } from "./paginator.js";
import { oneTarget } from "./target.js";

export interface HeaderCursorOptions {
  /** The header with the cursor of the next page. Default: `next`. */
  readonly cursorKey?: string | undefined;
  /** Query parameter for the cursor. Default: `cursor`. */
  readonly cursorParam?: string | undefined;
}

export interface JsonCursorOptions {
  /** JSONPath of the cursor of the next page. Default: `cursors.next`. */
  readonly cursorPath?: string | undefined;
  /** Query parameter for the cursor. Default: `cursor`, where `cursorBodyPath` is not given. */
  readonly cursorParam?: string | undefined;
  /** Place for the cursor in the JSON body instead: `filter.after`. */
  readonly cursorBodyPath?: string | undefined;
  /** Default: false. */
  readonly stopAfterEmptyPage?: boolean | undefined;
  /** JSONPath of a boolean; it decides whether there is more, whatever else says. Default: none. */
  readonly hasMorePath?: string | null | undefined;
}

/** Pages with a header that has the cursor of the next one. */
export function headerCursor({ cursorKey = "next", cursorParam = "cursor" }: HeaderCursorOptions): Paginator {
  return {
    type: "header_cursor",
    first: null,
    requestAt: (request, position) => withParam(request, cursorParam, `${position}`),
    next: ({ response }) => response.headers.get(cursorKey) || null,
  };
}

/** Pages whose JSON has the cursor of the next one. */
export function jsonCursor(options: JsonCursorOptions): Paginator {
  const { cursorPath = "cursors.next", stopAfterEmptyPage = false, hasMorePath = null } = options;
  const path = jsonPath(cursorPath);
  const morePath = hasMorePath === null ? null : jsonPath(hasMorePath);
  const target = oneTarget(options, { param: "cursorParam", bodyPath: "cursorBodyPath", usual: "cursor" });
  return {
    type: "cursor",
    first: null,
    requestAt: (request, position) => target(request, cursorOf(position)),
    next: ({ response, rows }) => {
      const cursor = path.first(response.json());
      const position = cursor ? positionOf(cursor) : null;
      if (position === undefined) {
        throw valueInvalid(
          response,
          `has something at \`${path.text}\` that is no cursor`,
          "Name the place of the cursor as `cursorPath`.",
        );
      }
      if (position === null || (stopAfterEmptyPage && rows.length === 0)) return null;
      return morePath === null || hasMoreIn(response, morePath) ? position : null;
    },
  };
}

/** Integers beyond 2^53 as JSON has no number for them. */
interface LongInteger {
  readonly integer: string;
}

function positionOf(cursor: unknown): Exclude<PlainJson, null> | undefined {
  if (typeof cursor === "string" || typeof cursor === "number" || typeof cursor === "boolean") return cursor;
  return typeof cursor === "bigint" ? { integer: `${cursor}` } : undefined;
}

function cursorOf(position: Exclude<PlainJson, null>): string | number | boolean | bigint {
  return typeof position === "object" ? BigInt((position as unknown as LongInteger).integer) : position;
}
