import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSink, ColumnBatch, FileColumn, FileTable } from "@dlt/core";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type FileMetaData, parquetMetadata, parquetReadObjects } from "hyparquet";
import { type ParquetOptions, parquet } from "../src/index.js";
import { type Cell, scaleOf } from "./columns.js";

/** Rows as cells, columns by name. */
export type Rows = readonly Readonly<Record<string, Cell>>[];

/** A sink that keeps what it is given. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: async (bytes) => void parts.push(bytes),
    close: async () => {},
    bytes: () => Buffer.concat(parts),
  };
}

/** The bytes of a file with a part for each batch. */
export async function fileOf(
  table: FileTable,
  batches: readonly ColumnBatch[],
  options?: ParquetOptions,
): Promise<Uint8Array> {
  const format = parquet(options);
  const sink = memorySink();
  const writer = format.open(table, sink);
  for (const batch of batches) await writer.write(format.encode(batch, table));
  await writer.close();
  return sink.bytes();
}

/** DuckDB with a folder for the files that it reads. */
export class DuckDbReader implements AsyncDisposable {
  readonly connection: DuckDBConnection;
  readonly #folder = mkdtempSync(join(tmpdir(), "dlt-parquet-"));
  #files = 0;

  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async open(): Promise<DuckDbReader> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    await connection.run("set timezone = 'UTC'");
    return new DuckDbReader(connection);
  }

  /** The path of a file with these bytes. */
  store(bytes: Uint8Array): string {
    const path = join(this.#folder, `${this.#files++}.parquet`);
    writeFileSync(path, bytes);
    return path;
  }

  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJS();
  }

  async rows(bytes: Uint8Array, table: FileTable): Promise<Rows> {
    const path = this.store(bytes);
    const rows = await this.query(`select ${table.columns.map(cellInSql).join()} from '${path}'`);
    rmSync(path);
    return rows.map((row) => mapCells(row, table, cellOfDuckDb));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.closeSync();
    rmSync(this.#folder, { recursive: true });
  }
}

/** An expression for the cell of a column; fails if the column is not of the expected type in DuckDB. */
function cellInSql(column: FileColumn): string {
  const name = `"${column.name.replaceAll('"', '""')}"`;
  const checked = `case when typeof(${name}) = '${duckDbType(column)}' then ${name} else error('is a ' || typeof(${name})) end`;
  switch (column.dataType) {
    case "bigint":
      return `(${checked})::bigint as ${name}`;
    case "timestamp":
    case "time":
      return `epoch_us(${checked}) as ${name}`;
    case "date":
      return `(${checked}) - date '1970-01-01' as ${name}`;
    case "decimal":
    case "wei":
      return `(${checked})::varchar as ${name}`;
    default:
      return `${checked} as ${name}`;
  }
}

/** The type in DuckDB that a column is read as. */
export function duckDbType(column: FileColumn): string {
  switch (column.dataType) {
    case "text":
    case "json":
      return "VARCHAR";
    case "bool":
      return "BOOLEAN";
    case "binary":
      return "BLOB";
    case "timestamp":
      return column.timezone === false ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE";
    case "bigint": {
      const bits = column.precision ?? 64;
      return bits <= 8 ? "TINYINT" : bits <= 16 ? "SMALLINT" : bits <= 32 ? "INTEGER" : "BIGINT";
    }
    case "decimal":
    case "wei":
      return `DECIMAL(${column.precision ?? 38},${scaleOf(column)})`;
    default:
      return column.dataType.toUpperCase();
  }
}

function cellOfDuckDb(value: unknown, { dataType }: FileColumn): Cell {
  if (value === null) return null;
  if (dataType === "decimal" || dataType === "wei") return BigInt((value as string).replace(".", ""));
  if (dataType === "date") return Number(value);
  return dataType === "binary" ? Uint8Array.from(value as Uint8Array) : (value as Cell);
}

/** The rows as hyparquet reads them. Decimals are numbers: it knows no others. */
export async function rowsOfHyparquet(bytes: Uint8Array, table: FileTable): Promise<Rows> {
  const same = <Value>(value: Value): Value => value;
  const rows = await parquetReadObjects({
    file: arrayBufferOf(bytes),
    utf8: false,
    parsers: { timestampFromMicroseconds: same, dateFromDays: same },
  });
  return rows.map((row) => mapCells(row, table, cellOfHyparquet));
}

function cellOfHyparquet(value: unknown, { dataType }: FileColumn): Cell {
  if (value === null || value === undefined) return null;
  return dataType === "bigint" ? BigInt(value as number | bigint) : (value as Cell);
}

/** The metadata of a file, as hyparquet reads it. */
export function metadataOf(bytes: Uint8Array): FileMetaData {
  return parquetMetadata(arrayBufferOf(bytes));
}

function mapCells(
  row: Readonly<Record<string, unknown>>,
  { columns }: FileTable,
  cell: (value: unknown, column: FileColumn) => Cell,
): Readonly<Record<string, Cell>> {
  return Object.fromEntries(columns.map((column) => [column.name, cell(row[column.name], column)]));
}

function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
