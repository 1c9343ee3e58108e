import type { Schema } from "@dlt/core";
import { parseSchema, parseTable, type SchemaPlace } from "@dlt/core/engine";
import type { SchemaChange } from "../normalize/schema-owner.js";
import type { AttemptDocument } from "./attempt-document.js";
import { attemptPath, type PlanFolder } from "./exchange.js";

/** An attempt that is to be loaded, as `commit` works with it. */
export interface Attempt {
  readonly document: AttemptDocument;
  readonly index: number;
  /** Its folder in the exchange. */
  readonly path: string;
  readonly schema: Schema;
  readonly changes: readonly SchemaChange[];
  /** Tables whose definitions its rows depend on, or that it declares. */
  readonly tables: ReadonlySet<string>;
}

export function openAttempts(
  folder: PlanFolder,
  documents: readonly AttemptDocument[],
  place: SchemaPlace,
): readonly Attempt[] {
  return documents.map((document): Attempt => {
    const changes = document.changes.map(({ kind, tables }) => ({
      kind,
      tables: tables.map((table) => parseTable(JSON.stringify(table))),
    }));
    const changed = changes.flatMap(({ tables }) => tables.map(({ name }) => name));
    return {
      document,
      index: document.index,
      path: attemptPath(folder, document),
      schema: parseSchema(document.schema, place),
      changes,
      tables: new Set([...document.touched, ...changed]),
    };
  });
}
