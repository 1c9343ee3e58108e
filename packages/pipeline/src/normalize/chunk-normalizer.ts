import {
  type ColumnSchema,
  type FileColumn,
  type FileFormat,
  type FileTable,
  InternalError,
  type NamingConventions,
  type NormalizeRun,
  type NormalizerSession,
} from "@dlt/core";
import { cutRows, decimalSize, decodeBatch, formatTable, isComplete, relationalNormalizer } from "@dlt/core/engine";
import type { ChunkOutcome, ChunkTask, TablePart } from "./chunk-task.js";

/** Normalizes chunks and encodes their rows, one after another, on the thread that it is made on. */
export class ChunkNormalizer {
  private readonly formatOf: (task: ChunkTask) => FileFormat;
  private readonly conventions: NamingConventions | undefined;
  private session: NormalizerSession | null = null;

  /** `conventions`: naming conventions beside those of the library. */
  constructor(formatOf: (task: ChunkTask) => FileFormat, conventions?: NamingConventions) {
    this.formatOf = formatOf;
    this.conventions = conventions;
  }

  /** @throws SchemaError, SchemaContractError as the normalizer and the file format do */
  normalize(task: ChunkTask): ChunkOutcome {
    const { entry, data, schema, run, maxFileRows } = task;
    const session = schema === null ? this.session : relationalNormalizer.open(schema, run, this.conventions);
    if (session === null)
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", "The first chunk of a thread came without a schema.");
    this.session = session;
    if (entry.framing === "file")
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", "A file that is loaded as it is was given to a normalizer.");
    const chunk = {
      index: entry.index,
      table: entry.table,
      numbers: entry.numbers,
      firstRow: entry.firstRow,
      data: entry.framing === "columns" ? decodeBatch(data) : ({ jsonText: data, framing: entry.framing } as const),
      ...(entry.rejected && { rejected: entry.rejected }),
      ...(entry.replay && { replay: entry.replay }),
    };
    const encoder = this.formatOf(task);
    const parts: TablePart[] = [];
    const { update, ...result } = session.normalize(chunk, ({ table: name, batch }) => {
      // Columns without rows still make a table.
      if (batch.rowCount === 0 && entry.framing !== "columns") return;
      const table = fileTable(name, session.columns(name), run);
      const isWhole = maxFileRows === undefined || batch.rowCount <= maxFileRows;
      for (const piece of isWhole ? [batch] : cutRows(batch, maxFileRows))
        parts.push({ table, part: encoder.encode(piece, table) });
    });
    return { ...result, parts, update: update.map(formatTable) };
  }
}

/** The columns of a table's load files: those with a data type, in the order of the schema. */
export function fileTable(name: string, columns: Iterable<ColumnSchema>, run: NormalizeRun): FileTable {
  const fileColumns: FileColumn[] = [];
  for (const column of columns) {
    if (!isComplete(column) || !column.dataType) continue;
    const { name: columnName, dataType, precision, timezone, nullable } = column;
    // A size that is told in part is told as a whole, so that files and tables have the same.
    const isSized = dataType === "decimal" && typeof precision === "number";
    const scale = isSized ? decimalSize(column, run)[1] : column.scale;
    fileColumns.push({
      name: columnName,
      dataType,
      nullable: nullable !== false,
      ...(typeof precision === "number" && { precision }),
      ...(typeof scale === "number" && { scale }),
      ...(timezone === false && { timezone }),
    });
  }
  return { name, columns: fileColumns };
}
