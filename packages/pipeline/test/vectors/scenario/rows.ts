import {
  CalendarDate,
  type DataValue,
  Decimal,
  Float,
  HexBytes,
  type JsonValue,
  TimeOfDay,
  Timestamp,
  Wei,
} from "@dlt/core";
import { decodeJson, decodeTyped, encodeBase64, encodeJson, removeMarkers, unscaled } from "@dlt/core/engine";
import type { VectorObject } from "../read-vectors.js";
import { vectorValue } from "../vector-value.js";
import type { Placeholders } from "./placeholders.js";

type Row = ReadonlyMap<string, DataValue>;
/** Data types of the columns of a table, in the order of the schema. */
export type ColumnTypes = ReadonlyMap<string, string | undefined>;

/**
 * Rows in a form that can be compared: each column with a text for the value and what kind it is. A batch keeps the value of a
 * decimal and not its text, and instants and not their zone; documents hold what JSON can say.
 */
export function comparableRows(rows: readonly Row[], types: ColumnTypes): Readonly<Record<string, unknown>>[] {
  return rows.map((row) =>
    Object.fromEntries([...row].map(([name, value]) => [name, comparableValue(value, types.get(name))])),
  );
}

/** The rows of a table as a vector expects them. */
export function expectedRows(written: JsonValue): readonly Row[] {
  return (written as readonly JsonValue[]).map((row) => vectorValue(row) as Row);
}

/** The rows of files of typed JSON lines. Values of documents are not typed. */
export function typedRows(texts: readonly string[], types: ColumnTypes): readonly Row[] {
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => line !== "");
  return lines.flatMap((line) =>
    (decodeJson(line) as readonly VectorObject[]).map(
      (row) =>
        new Map(
          [...row].map(([name, value]): [string, DataValue] => [
            name,
            types.get(name) === "json" ? value : decodeTyped(value),
          ]),
        ),
    ),
  );
}

/** `actual` with placeholders where `expected` has them and they fit. */
export function withPlaceholders(
  actual: readonly Readonly<Record<string, unknown>>[],
  expected: readonly Readonly<Record<string, unknown>>[],
  placeholders: Placeholders,
): readonly Readonly<Record<string, unknown>>[] {
  return actual.map((row, index) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [name, placeholders.replace(expected[index]?.[name], value)]),
    ),
  );
}

/** A value as a text that says what kind it is; what JSON has itself as it is. */
export function comparableValue(value: DataValue, type: string | undefined): unknown {
  if (type === "json") return `json ${encodeJson(untyped(value), { sorted: true })}`;
  if (value instanceof Uint8Array) return `bytes ${encodeBase64(value)}`;
  if (value instanceof HexBytes) return `bytes ${encodeBase64(value.bytes)}`;
  if (value instanceof Decimal) return `decimal ${withoutForm(value)}`;
  if (value instanceof Wei) return `wei ${withoutForm(value.decimal)}`;
  if (value instanceof Timestamp) return `instant ${value.micros}`;
  if (value instanceof CalendarDate) return `date ${value}`;
  if (value instanceof TimeOfDay) return `time ${value}`;
  if (value instanceof Float) return `double ${value.value}`;
  if (typeof value === "number") return Number.isInteger(value) ? `integer ${value}` : `double ${value}`;
  return typeof value === "bigint" ? `integer ${value}` : value;
}

/** Text of the value, whatever the number of zeros at its end. */
function withoutForm(decimal: Decimal): string {
  for (let scale = 0; scale < 80; scale++) {
    const integer = unscaled(decimal, scale);
    if (integer !== null) return `${integer}e-${scale}`;
  }
  return String(decimal);
}

/** A document in which typed values are the texts that JSON has for them. */
function untyped(value: DataValue): DataValue {
  return removeMarkers(decodeJson(encodeJson(value, { typed: true, anyInteger: true })));
}

/** The types of a table's columns in a stored schema document. */
export function columnTypes(document: VectorObject, table: string): ColumnTypes {
  const tables = document.get("tables") as ReadonlyMap<string, VectorObject>;
  const columns = tables.get(table)?.get("columns") as ReadonlyMap<string, VectorObject> | undefined;
  return new Map([...(columns ?? [])].map(([name, column]) => [name, column.get("data_type") as string | undefined]));
}
