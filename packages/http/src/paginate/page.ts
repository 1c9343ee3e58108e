import type { JsonText } from "@dlt/core";
import { rememberText } from "@dlt/core/engine";
import type { PageRequest } from "../request/page-request.js";
import type { HttpResponse } from "../send/http-response.js";
import type { ListPosition } from "./position.js";

/** What is known of a page beside its rows. */
export interface PageInfo {
  /** What was asked for. */
  readonly request: PageRequest;
  readonly response: HttpResponse;
  /** Where the list goes on behind this page; `null`: it was the last. */
  readonly position: ListPosition | null;
}

/** The rows of a page: an ordinary array, with what else is known of it as properties that are not enumerated. */
export type Page<Row> = Row[] & PageInfo;

/** Makes a page of rows. It remembers their text, so that a pipeline loads every number as it was written. */
export function makePage<Row>(rows: readonly unknown[], info: PageInfo, text: () => JsonText | null): Page<Row> {
  const page = rememberText(rows, text);
  for (const [name, value] of Object.entries(info)) Object.defineProperty(page, name, { value, configurable: true });
  return page as unknown as Page<Row>;
}
