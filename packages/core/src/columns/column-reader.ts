import type { Column, ColumnType } from "../contract/batch.js";
import { CalendarDate } from "../values/calendar-date.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { isSet } from "./bitmap.js";
import { decimalText, unscaledAt } from "./decimal128.js";

/** A value of a column in terms of JavaScript alone. */
export type ColumnValue = null | boolean | number | bigint | string | Uint8Array;

/**
 * The value that a column has in a row; `null` for none.
 *
 * | data type | value |
 * | --- | --- |
 * | bigint | `number` up to ±(2^53 − 1), `bigint` beyond |
 * | double | `number` |
 * | bool | `boolean` |
 * | text, json | `string`; a document as JSON text |
 * | timestamp | ISO text, `2024-01-02T03:04:05.678000+00:00`, naive `2024-01-02T03:04:05` |
 * | date, time | ISO text, `2024-01-02`, `03:04:05.000600` |
 * | decimal, wei | text with all digits of the scale, `1.10` |
 * | binary | `Uint8Array`, a view on the column's memory |
 *
 * @throws SchemaError `TIMESTAMP_OUT_OF_RANGE`, `DATE_OUT_OF_RANGE`, `TIME_OUT_OF_RANGE` outside of the years 1 to 9999 or of a day
 */
export function readValue(column: Column, row: number): ColumnValue {
  if (!isSet(column.validity, row)) return null;
  switch (column.layout) {
    case "fixed":
      return fixedValue(column.values[row] ?? 0, column.type);
    case "bits":
      return isSet(column.values, row);
    case "bytes": {
      const bytes = column.data.subarray(column.offsets[row], column.offsets[row + 1]);
      if (column.type.dataType === "binary") return bytes;
      const text = utf8.decode(bytes);
      return column.type.dataType === "bigint" ? integerValue(BigInt(text)) : text;
    }
    case "decimal128":
      return decimalText(unscaledAt(column.words, row), column.scale);
    case "dictionary":
      return readValue(column.values, column.indices[row] ?? 0);
  }
}

function fixedValue(value: number | bigint, { dataType, timezone }: ColumnType): ColumnValue {
  switch (dataType) {
    case "timestamp":
      return Timestamp.fromMicros(BigInt(value), timezone === false ? null : 0).toString();
    case "date":
      return new CalendarDate(Number(value)).toString();
    case "time":
      return new TimeOfDay(Number(value)).toString();
    default:
      return integerValue(value);
  }
}

function integerValue(value: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
