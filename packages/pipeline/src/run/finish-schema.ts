import type { HintValue, Schema, TableSchema } from "@dlt/core";
import { bumpVersion, verifyReceived, withProperty, withTables } from "@dlt/core/engine";

/**
 * The schema of a package once its files are written: tables with files are marked as having seen data, the version follows
 * on that of the pipeline's schema.
 * @throws SchemaError `SCHEMA_COLUMN_UNBOUND` when a column that must not be null never came with data
 */
export function finishSchema(options: {
  /** What normalizing gave. */
  readonly normalized: Schema;
  /** The schema of the pipeline that this one replaces. */
  readonly current: Pick<Schema, "version" | "versionHash" | "previousHashes" | "importedVersionHash">;
  /** Names of tables that got a file. */
  readonly tablesWithFiles: Iterable<string>;
}): Schema {
  const { normalized, current } = options;
  const marked: TableSchema[] = [];
  for (const name of new Set(options.tablesWithFiles)) {
    const table = normalized.tables.get(name);
    if (table === undefined) continue;
    verifyReceived(table);
    marked.push(seenTable(table));
  }
  const { version, versionHash, previousHashes, importedVersionHash } = current;
  return bumpVersion({
    ...withTables(normalized, marked),
    version,
    versionHash,
    previousHashes,
    ...(importedVersionHash !== undefined && { importedVersionHash }),
  });
}

function seenTable(table: TableSchema): TableSchema {
  const { "evolve-columns-once": _, ...marks } = marksOf(table["x-normalizer"]);
  return withProperty(table, "x-normalizer", { ...marks, "seen-data": true });
}

function marksOf(value: HintValue | undefined): { readonly [mark: string]: HintValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as { [mark: string]: HintValue })
    : {};
}
