import { plainValue, type RowsItem } from "@dlt/core/engine";
import type { ChunkPlace } from "./chunk-part.js";
import type { ResourceTables, RowTarget, TableRows } from "./resource-tables.js";

/** Where rows of a resource go. */
export interface RowPlace {
  readonly resource: string;
  readonly target: RowTarget;
  readonly tables: ResourceTables;
}

/** Where rows begin to be gathered. */
export type BegunPlace = Omit<ChunkPlace, "numbers" | "firstRow">;

/** Rows by their tables. */
export function routed(page: RowsItem, tables: ResourceTables): readonly TableRows[] {
  if (tables.dependOnRow(page.mark)) {
    const seen = page.numbers === "text" ? page.rows.map(plainValue) : page.rows;
    return tables.route(page.rows, seen, page.mark);
  }
  return [{ ...tables.targetOf(page.mark), rows: page.rows }];
}

/** One chunk at a time is filled for each of these. */
export function bufferKey({ resource, target: { table, rejection } }: RowPlace): string {
  return [resource, table, ...(rejection === null ? [] : [rejection.reason])].join("\0");
}

/** Something was declared of the table that chunks so far lack. Rejected rows wait for nothing that is. */
export function hasPending({ target, tables }: RowPlace): boolean {
  return target.rejection === null && tables.hasPending(target.table);
}

/** Begins with rows of a place: takes what is declared of their table. */
export function begunPlace({ resource, target, tables }: RowPlace): BegunPlace {
  const { table, rejection } = target;
  return rejection === null
    ? { resource, table, update: tables.takePending(table) }
    : { resource, table, update: [], rejected: rejection };
}
