import type { Column, FileColumn, FileFormat, FilePart } from "@dlt/core";
import { type CopyColumn, copyType } from "./copy-type.js";
import { encodeRows } from "./encode-rows.js";
import { CopyFileWriter } from "./file-writer.js";
import { prepareColumn } from "./prepare-column.js";

/** What `FilePart.layout` of the format is: parts go only into files that were opened for the same columns. */
export interface CopyLayout {
  readonly format: "pgcopy";
  readonly columns: readonly CopyColumn[];
}

/**
 * Rows in the binary form of COPY, a field for every column of the table. `COPY … FROM … WITH (FORMAT binary)` takes a file as it is.
 * Encoding throws SchemaError `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`, `FILE_TEXT_HAS_ZERO`.
 */
export function pgcopy(): FileFormat {
  return {
    name: "pgcopy",
    extension: "pgcopy",
    threadModule: { package: "@dlt/postgres-copy", name: "pgcopy.worker", from: import.meta.url },
    encode({ rowCount, columns }, table): FilePart {
      const given = new Map(columns.map((column): [string, Column] => [column.name, column]));
      const prepared = table.columns.map((column) =>
        prepareColumn(given.get(column.name), { table: table.name, column, rowCount }),
      );
      const layout: CopyLayout = { format: "pgcopy", columns: copyColumns(table.columns) };
      return { rowCount, bytes: encodeRows(prepared, rowCount), layout };
    },
    open: (table, sink) => new CopyFileWriter(table.name, copyColumns(table.columns), sink),
  };
}

function copyColumns(columns: readonly FileColumn[]): readonly CopyColumn[] {
  return columns.map((column) => ({ name: column.name, type: copyType(column) }));
}
