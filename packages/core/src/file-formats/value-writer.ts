import { isSet } from "../columns/bitmap.js";
import type { IndexedValues } from "../columns/indexed-values.js";
import type { FileColumn } from "../contract/file-format.js";
import type { DataType } from "../contract/schema.js";
import { writeDate, writeTime, writeTimestamp } from "./calendar-text.js";
import { halvesOf, isSafeHigh, writeDecimal, writeDouble, writeInteger } from "./number-text.js";
import { type ColumnPlace, typeRefused, valueOutOfRange } from "./refusals.js";
import type { TextBuffer } from "./text-buffer.js";

/** Appends the value at `index`, which is there. */
export type WriteValue = (out: TextBuffer, index: number) => void;

/** What a value is in a file of text, by its data type there. */
export type TextKind = "number" | "bool" | "calendar" | "text" | "json" | "binary";

/** How a format spells what formats spell differently. */
export interface Spelling {
  readonly falseText: string;
  readonly trueText: string;
  /** Between date and time, as a character code. */
  readonly dateTimeSeparator: number;
  /** Text of a double that is not an integer. */
  double(value: number): string;
}

/** Values with what is known of where they go. */
export interface ValueSource extends IndexedValues {
  readonly place: ColumnPlace;
}

/**
 * A function for the values of a column, as bare text: neither quoted nor escaped. Numbers and times follow the spelling; bytes
 * are what they are. Besides the table's own type the batch may bring bigint for double and decimals, decimal and wei for each
 * other, and json for text.
 *
 * @throws SchemaError `FILE_COLUMN_TYPE_MISMATCH`; the function throws `FILE_VALUE_OUT_OF_RANGE`
 */
export function valueWriter(source: ValueSource, spelling: Spelling): WriteValue {
  const { values, place } = source;
  const given = values.type.dataType;
  const wanted = place.column.dataType;
  switch (values.layout) {
    case "bits":
      if (given !== "bool" || wanted !== "bool") break;
      return (out, index) => out.ascii(isSet(values.values, index) ? spelling.trueText : spelling.falseText);
    case "bytes": {
      const { offsets, data } = values;
      const fits =
        given === wanted
          ? isBytesType(given)
          : (isDecimal(wanted) && (isDecimal(given) || given === "bigint")) || (given === "json" && wanted === "text");
      if (!fits) break;
      return (out, index) => out.append(data, offsets[index] as number, offsets[index + 1] as number);
    }
    case "decimal128": {
      if (!isDecimal(given) || !isDecimal(wanted)) break;
      const decimals = { words: values.words, halves: halvesOf(values.words), scale: values.scale };
      return (out, index) => writeDecimal(out, decimals, index);
    }
    case "fixed":
      if (values.values instanceof BigInt64Array) {
        const write = int64Writer(values.values, source, spelling);
        if (write !== null) return write;
      } else if (given === wanted && given === (values.values instanceof Int32Array ? "date" : "double")) {
        const numbers = values.values;
        if (given === "double") return (out, index) => writeDouble(out, numbers[index] as number, spelling.double);
        return (out, index) => {
          if (!writeDate(out, numbers[index] as number)) throw outOfRange(source, index);
        };
      }
      break;
  }
  throw typeRefused(place, values.type);
}

/** What the values of a column are in a file of text. */
export function textKind({ dataType }: FileColumn): TextKind {
  switch (dataType) {
    case "bigint":
    case "double":
    case "decimal":
    case "wei":
      return "number";
    case "timestamp":
    case "date":
    case "time":
      return "calendar";
    default:
      return dataType;
  }
}

/** `null` when the values are not what the column takes. */
function int64Writer(values: BigInt64Array, source: ValueSource, spelling: Spelling): WriteValue | null {
  const halves = halvesOf(values);
  const given = source.values.type.dataType;
  const { column } = source.place;
  const wanted = column.dataType;
  /** The integer as a number where that is exact. */
  const at = (index: number): number | bigint => {
    const high = halves[index * 2 + 1] as number;
    return isSafeHigh(high) ? high * 4294967296 + ((halves[index * 2] as number) >>> 0) : (values[index] as bigint);
  };
  if (given === "bigint" && (wanted === "bigint" || isDecimal(wanted))) {
    return (out, index) => {
      const value = at(index);
      if (typeof value === "number") writeInteger(out, value);
      else out.ascii(`${value}`);
    };
  }
  if (given === "bigint" && wanted === "double") {
    return (out, index) => {
      const value = at(index);
      if (typeof value === "bigint" && BigInt(Number(value)) !== value) throw outOfRange(source, index);
      writeDouble(out, Number(value), spelling.double);
    };
  }
  if (given !== wanted) return null;
  if (given === "timestamp") {
    const offset = column.timezone === false ? "" : "+00:00";
    return (out, index) => {
      if (!writeTimestamp(out, at(index), spelling.dateTimeSeparator)) throw outOfRange(source, index);
      out.ascii(offset);
    };
  }
  if (given === "time") {
    return (out, index) => {
      if (!writeTime(out, Number(at(index)))) throw outOfRange(source, index);
    };
  }
  return null;
}

const isDecimal = (type: DataType): boolean => type === "decimal" || type === "wei";
const isBytesType = (type: DataType): boolean =>
  type === "text" || type === "json" || type === "binary" || type === "bigint" || isDecimal(type);

/** The row that failed on the value at `index`: rows are written in order, so that it is the first one that has it. */
export function rowOf({ indices }: IndexedValues, index: number): number {
  return indices === null ? index : indices.indexOf(index);
}

function outOfRange(source: ValueSource, index: number) {
  return valueOutOfRange(source.place, rowOf(source, index));
}
