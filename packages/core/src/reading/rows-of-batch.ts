import type { Column, ColumnBatch } from "../contract/batch.js";
import { decodeJson } from "../json/decode.js";
import { CalendarDate } from "../values/calendar-date.js";
import { Decimal } from "../values/decimal.js";
import { doubleValue } from "../values/float.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { Wei } from "../values/wei.js";
import { plainValue } from "./rows-of.js";

/**
 * The rows of a batch as objects; a missing value is `null`. `plain`: numbers as JavaScript has them; otherwise an integral
 * double is a `Float`, and JSON is decoded without loss.
 */
export function rowsOfBatch(
  batch: ColumnBatch,
  { plain }: { readonly plain: boolean },
): readonly Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = Array.from({ length: batch.rowCount }, () => ({}));
  for (const column of batch.columns) {
    const read = valueReader(column, plain);
    const { name, validity } = column;
    for (let row = 0; row < batch.rowCount; row++) {
      const target = rows[row];
      if (target !== undefined) target[name] = isPresent(validity, row) ? read(row) : null;
    }
  }
  return rows;
}

function isPresent(validity: Uint8Array | null, row: number): boolean {
  return validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function valueReader(column: Column, plain: boolean): (row: number) => unknown {
  switch (column.layout) {
    case "fixed":
      return fixedReader(column, plain);
    case "bits":
      return (row) => (((column.values[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
    case "bytes":
      return bytesReader(column, plain);
    case "decimal128": {
      const { words, scale, type } = column;
      return (row) => {
        const unscaled =
          (BigInt.asIntN(64, words[2 * row + 1] ?? 0n) << 64n) | BigInt.asUintN(64, words[2 * row] ?? 0n);
        const negative = unscaled < 0n;
        const decimal = new Decimal({
          negative,
          digits: `${negative ? -unscaled : unscaled}`,
          exponent: 0 - scale,
          special: null,
        });
        return type.dataType === "wei" ? new Wei(decimal) : decimal;
      };
    }
    case "dictionary": {
      const read = valueReader(column.values, plain);
      return (row) => read(column.indices[row] ?? 0);
    }
  }
}

function fixedReader({ values, type }: Extract<Column, { layout: "fixed" }>, plain: boolean): (row: number) => unknown {
  const at = (row: number): number | bigint => values[row] ?? 0;
  switch (type.dataType) {
    case "timestamp":
      return (row) => Timestamp.fromMicros(BigInt(at(row)), type.timezone === false ? null : 0);
    case "time":
      return (row) => new TimeOfDay(Number(at(row)));
    case "date":
      return (row) => new CalendarDate(Number(at(row)));
    case "double":
      return plain ? at : (row) => doubleValue(Number(at(row)));
    default:
      return (row) => {
        const value = at(row);
        return Number.isSafeInteger(Number(value)) ? Number(value) : value;
      };
  }
}

function bytesReader(
  { offsets, data, type }: Extract<Column, { layout: "bytes" }>,
  plain: boolean,
): (row: number) => unknown {
  const bytesAt = (row: number): Uint8Array => data.subarray(offsets[row] ?? 0, offsets[row + 1] ?? 0);
  if (type.dataType === "binary") return (row) => bytesAt(row).slice();
  if (type.dataType !== "json") return (row) => utf8.decode(bytesAt(row));
  return (row) => {
    const value = decodeJson(bytesAt(row));
    return plain ? plainValue(value) : value;
  };
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
