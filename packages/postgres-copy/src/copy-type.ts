import type { ColumnType } from "@dlt/core";

/** A column type of PostgreSQL by its form in COPY: those with the same name are written alike. */
export type CopyType =
  | "int2"
  | "int4"
  | "int8"
  | "float8"
  | "bool"
  | "text"
  | "bytea"
  | "numeric"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "jsonb"
  | "uuid";

/** A column of a stream of rows. */
export interface CopyColumn {
  readonly name: string;
  readonly type: CopyType;
}

/** The type in which a column is written; `uuid` is only read. */
export function copyType({ dataType, precision, timezone }: ColumnType): CopyType {
  switch (dataType) {
    case "bigint":
      return precision === undefined || precision > 32 ? "int8" : precision > 16 ? "int4" : "int2";
    case "double":
      return "float8";
    case "binary":
      return "bytea";
    case "json":
      return "jsonb";
    case "decimal":
    case "wei":
      return "numeric";
    case "timestamp":
      return timezone === false ? "timestamp" : "timestamptz";
    default:
      return dataType;
  }
}

/** Bytes of a value, `null` where they differ. */
export const valueBytes: Readonly<Record<CopyType, number | null>> = {
  int2: 2,
  int4: 4,
  int8: 8,
  float8: 8,
  bool: 1,
  text: null,
  bytea: null,
  numeric: null,
  date: 4,
  time: 8,
  timestamp: 8,
  timestamptz: 8,
  jsonb: null,
  uuid: 16,
};

/** Before the text of a `jsonb` value. */
export const jsonbVersion = 1;
