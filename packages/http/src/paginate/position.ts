import { type PlainJson, SourceError } from "@dlt/core";
import type { Paginator } from "./paginator.js";
import type { PaginatorConfig } from "./paginator-config.js";

/**
 * Where a list goes on behind a page: JSON, which can be kept in the state of a resource and given to `paginate` as `resume`. The address of a
 * next page may be in it.
 */
export interface ListPosition {
  /** Type of the paginator. */
  readonly paginator: string;
  /** What the paginator goes by. */
  readonly at: Exclude<PlainJson, null>;
  /** Pages before it. */
  readonly pages: number;
  /** What was found out from the first page, which is not read again. */
  readonly detected?: { readonly dataSelector?: string; readonly paginator?: PaginatorConfig };
}

/**
 * A position that was kept.
 * @throws SourceError `PAGINATION_POSITION_INVALID`
 */
export function checkPosition(given: unknown): ListPosition {
  const { paginator, at, pages, detected } = (given ?? {}) as Partial<Record<keyof ListPosition, unknown>>;
  const isPosition =
    typeof paginator === "string" &&
    at !== undefined &&
    at !== null &&
    Number.isInteger(pages) &&
    (detected === undefined || (typeof detected === "object" && detected !== null));
  if (!isPosition) throw positionInvalid("what was given is no position of a list");
  return given as ListPosition;
}

/** @throws SourceError `PAGINATION_POSITION_INVALID` */
export function checkPaginator(position: ListPosition, paginator: Paginator): void {
  if (position.paginator !== paginator.type)
    throw positionInvalid(
      `the position is that of a paginator \`${position.paginator}\`, and the list has \`${paginator.type}\``,
    );
}

function positionInvalid(problem: string): SourceError {
  return new SourceError("PAGINATION_POSITION_INVALID", `The list cannot go on: ${problem}.`, {
    hint: "Give `page.position` as it was, for the same list; or leave `resume` out to start from the first page.",
  });
}
