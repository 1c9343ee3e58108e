import { Decimal128Builder } from "../../columns/column-builder.js";
import { unscaledAt } from "../../columns/decimal128.js";
import { firstFailingRow } from "../../columns/first-row.js";
import { indexedValues } from "../../columns/indexed-values.js";
import type { Column } from "../../contract/batch.js";
import type { ColumnSchema } from "../../contract/schema.js";
import type { CompleteColumn } from "../../schema/predicates.js";
import { builderFor } from "../column-values.js";
import type { NormalizeState } from "../state.js";
import { convertColumn, mapValues } from "./convert-column.js";

/**
 * What becomes of a column of a batch in a column of the table: it fits, as it is or converted; or a row has a value that would lose
 * something. `wider` is the column of the table that would take it as it is; `null` when there is none of its data type.
 */
export type Fit =
  | { readonly outcome: "fits"; readonly column: Column }
  | { readonly outcome: "misfit"; readonly row: number; readonly wider: ColumnSchema | null };

/** Holds a column against the type of the table's column. Values are looked at only where the types alone do not tell. */
export function fitColumn(state: NormalizeState, column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const given = column.type.dataType;
  if (isDecimal(given) && isDecimal(stored.dataType)) return fitDecimals(state, column, stored, rowCount);
  if (given !== stored.dataType) return convertColumn(state, column, stored, rowCount);
  switch (given) {
    case "bigint":
      return fitIntegers(column, stored, rowCount);
    case "timestamp":
    case "time":
      return fitTimes(state, column, stored, rowCount);
    case "binary":
      return fitLengths(column, stored, rowCount);
    case "text":
      // Too long a text is the destination's to refuse, unless the column may grow.
      return state.run.widensColumns === true ? fitLengths(column, stored, rowCount) : { outcome: "fits", column };
    default:
      return { outcome: "fits", column };
  }
}

function isDecimal(type: string): boolean {
  return type === "decimal" || type === "wei";
}

function fitIntegers(column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const bits = stored.precision ?? 64;
  const givenBits = column.type.precision ?? 64;
  if (givenBits <= bits || bits >= 64) return { outcome: "fits", column };
  const { values } = indexedValues(column, rowCount);
  if (values.layout !== "fixed" || !(values.values instanceof BigInt64Array)) return { outcome: "fits", column };
  const halves = halvesOf(values.values);
  // Integers are stored in whole bytes.
  const shift = 32 - (bits <= 8 ? 8 : bits <= 16 ? 16 : 32);
  const row = firstFailingRow(column, rowCount, (index) => {
    const low = halves[index * 2] as number;
    return halves[index * 2 + 1] === low >> 31 && (low << shift) >> shift === low;
  });
  if (row < 0) return { outcome: "fits", column };
  return { outcome: "misfit", row, wider: { ...stored, precision: givenBits } };
}

/** Digits of a decimal that 128 bits hold. */
const maxDigits = 38;

function fitDecimals(state: NormalizeState, column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const builder = builderFor(stored, state.run);
  const { values } = indexedValues(column, rowCount);
  // What 128 bits cannot hold travels as text, which load files take as it is.
  if (!(builder instanceof Decimal128Builder) || values.layout !== "decimal128") return { outcome: "fits", column };
  const { words, scale: givenScale } = values;
  const { scale } = builder;
  const precision = builder.type.precision ?? maxDigits;
  const givenPrecision = column.type.precision ?? maxDigits;
  if (givenScale === scale && givenPrecision <= precision) return { outcome: "fits", column };
  const limit = 10n ** BigInt(precision);
  const factor = 10n ** BigInt(Math.abs(scale - givenScale));
  const rescaled = (index: number): bigint | null => {
    const unscaled = unscaledAt(words, index);
    const value = scale >= givenScale ? unscaled * factor : unscaled / factor;
    const isExact = scale >= givenScale || value * factor === unscaled;
    return isExact && value < limit && value > -limit ? value : null;
  };
  const row = firstFailingRow(column, rowCount, (index) => rescaled(index) !== null);
  if (row < 0) {
    if (givenScale === scale) return { outcome: "fits", column };
    const converted = mapValues(column, { rowCount, builder }, (index) => builder.set(index, rescaled(index) ?? 0n));
    return { outcome: "fits", column: converted };
  }
  const widerScale = Math.max(scale, givenScale);
  const digits = Math.max(precision - scale, givenPrecision - givenScale) + widerScale;
  const wider = digits > maxDigits ? null : { ...stored, precision: digits, scale: widerScale };
  return { outcome: "misfit", row, wider };
}

/** Digits of a second that batches hold. */
const microDigits = 6;

function fitTimes({ run }: NormalizeState, column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const digits = stored.precision ?? run.timestampPrecision;
  const givenDigits = Math.min(column.type.precision ?? microDigits, microDigits);
  const { values } = indexedValues(column, rowCount);
  if (givenDigits <= digits || values.layout !== "fixed" || !(values.values instanceof BigInt64Array))
    return { outcome: "fits", column };
  const halves = halvesOf(values.values);
  const step = 10 ** (microDigits - digits);
  const highStep = 2 ** 32 % step;
  const row = firstFailingRow(
    column,
    rowCount,
    (index) =>
      (((halves[index * 2 + 1] as number) % step) * highStep + ((halves[index * 2] as number) >>> 0)) % step === 0,
  );
  if (row < 0) return { outcome: "fits", column };
  return { outcome: "misfit", row, wider: { ...stored, precision: givenDigits } };
}

function fitLengths(column: Column, stored: CompleteColumn, rowCount: number): Fit {
  const { values } = indexedValues(column, rowCount);
  const most = stored.precision;
  const given = column.type.precision;
  if (typeof most !== "number" || (given !== undefined && given <= most) || values.layout !== "bytes")
    return { outcome: "fits", column };
  const { offsets, data } = values;
  const isText = column.type.dataType === "text";
  const row = firstFailingRow(column, rowCount, (index) => {
    const from = offsets[index] as number;
    const to = offsets[index + 1] as number;
    return to - from <= most || (isText && codePoints(data, from, to) <= most);
  });
  if (row < 0) return { outcome: "fits", column };
  return { outcome: "misfit", row, wider: { ...stored, precision: given ?? null } };
}

/** Of UTF-8: bytes that do not continue a character. */
function codePoints(data: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (((data[at] as number) & 0xc0) !== 0x80) count++;
  return count;
}

function halvesOf(values: BigInt64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length * 2);
}
