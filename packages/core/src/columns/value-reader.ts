import type { Column } from "../contract/batch.js";
import { decodeJson } from "../json/decode.js";
import { CalendarDate } from "../values/calendar-date.js";
import type { DataValue } from "../values/data-value.js";
import { Decimal } from "../values/decimal.js";
import { doubleValue } from "../values/float.js";
import { TimeOfDay } from "../values/time-of-day.js";
import { Timestamp } from "../values/timestamp.js";
import { Wei } from "../values/wei.js";
import { isSet } from "./bitmap.js";
import { unscaledAt } from "./decimal128.js";

/**
 * A function for the values of a column by row, as the general rules know them: nothing is lost, so that an integral double is a
 * `Float` and documents are decoded. `null` where there is none.
 */
export function valueReader(column: Column): (row: number) => DataValue {
  const read = presentReader(column);
  const { validity } = column;
  return validity === null ? read : (row) => (isSet(validity, row) ? read(row) : null);
}

/** The same for rows that have a value. */
function presentReader(column: Column): (row: number) => DataValue {
  switch (column.layout) {
    case "fixed":
      return fixedReader(column);
    case "bits":
      return (row) => isSet(column.values, row);
    case "bytes":
      return bytesReader(column);
    case "decimal128":
      return decimalReader(column);
    case "dictionary": {
      const read = valueReader(column.values);
      return (row) => read(column.indices[row] ?? 0);
    }
  }
}

function fixedReader({ values, type }: Column & { readonly layout: "fixed" }): (row: number) => DataValue {
  const at = (row: number): number | bigint => values[row] ?? 0;
  switch (type.dataType) {
    case "timestamp":
      return (row) => Timestamp.fromMicros(BigInt(at(row)), type.timezone === false ? null : 0);
    case "time":
      return (row) => new TimeOfDay(Number(at(row)));
    case "date":
      return (row) => new CalendarDate(Number(at(row)));
    case "double":
      return (row) => doubleValue(Number(at(row)));
    default:
      return (row) => integerValue(at(row));
  }
}

function integerValue(value: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function bytesReader({ offsets, data, type }: Column & { readonly layout: "bytes" }): (row: number) => DataValue {
  const bytesAt = (row: number): Uint8Array => data.subarray(offsets[row] ?? 0, offsets[row + 1] ?? 0);
  switch (type.dataType) {
    case "binary":
      return (row) => bytesAt(row).slice();
    case "json":
      return (row) => decodeJson(bytesAt(row));
    case "bigint":
      return (row) => integerValue(BigInt(utf8.decode(bytesAt(row))));
    case "decimal":
      return (row) => new Decimal(utf8.decode(bytesAt(row)));
    case "wei":
      return (row) => new Wei(new Decimal(utf8.decode(bytesAt(row))));
    default:
      return (row) => utf8.decode(bytesAt(row));
  }
}

function decimalReader({ words, scale, type }: Column & { readonly layout: "decimal128" }): (row: number) => DataValue {
  return (row) => {
    const unscaled = unscaledAt(words, row);
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

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
