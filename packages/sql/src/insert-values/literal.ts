import { type ColumnSchema, SchemaError } from "@dlt/core";
import { type ColumnValue, floatToText } from "@dlt/core/engine";
import { type QuoteStyle, quote, standardText } from "../quote.js";

/** How a database writes values into a statement. */
export interface LiteralStyle {
  /** Also for documents. Line feeds are to be escaped: a row is a line of the file. */
  readonly text: QuoteStyle;
  /** Around the bytes in that encoding. */
  readonly binary: { readonly open: string; readonly close: string; readonly encoding: "hex" | "base64" };
  readonly trueText: string;
  readonly falseText: string;
  /** Text may have the character U+0000. */
  readonly hasZero: boolean;
}

/** A value of a column as it is written into a statement. */
export function literal(style: LiteralStyle, dataType: ColumnSchema["dataType"], value: ColumnValue): string {
  if (value === null) return "NULL";
  if (value instanceof Uint8Array) {
    const { open, close, encoding } = style.binary;
    return open + Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString(encoding) + close;
  }
  if (typeof value === "boolean") return value ? style.trueText : style.falseText;
  if (typeof value === "number" && dataType === "double") return doubleLiteral(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  switch (dataType) {
    case "decimal":
    case "wei":
    case "bigint":
    case "double":
      // NaN and infinities are no numbers in SQL, and some databases take one with an exponent for a double.
      return /^[-+\d.]+$/.test(value) ? value : quote(standardText, value);
    case "date":
    case "time":
    case "timestamp":
      return quote(standardText, value);
    default:
      return quote(style.text, value);
  }
}

/** True for text that the database cannot take. */
export function isRefused({ hasZero }: LiteralStyle, dataType: ColumnSchema["dataType"], value: ColumnValue): boolean {
  if (hasZero || typeof value !== "string") return false;
  if (dataType === "text") return value.includes("\0");
  return dataType === "json" && /(?<!\\)(?:\\\\)*\\u0000/.test(value);
}

/** `row` counts from 0 within the batch. */
export function zeroRefused(place: {
  readonly table: string;
  readonly column: string;
  readonly row: number;
}): SchemaError {
  const { table, column, row } = place;
  return new SchemaError(
    "FILE_TEXT_HAS_ZERO",
    `Row ${row} of the batch (counted from 0) has a text with the character U+0000 in column \`${column}\` of table \`${table}\`, which the destination cannot hold.`,
    { hint: `Remove the character with \`addMap\`, or declare \`${column}\` as \`binary\`.`, context: { ...place } },
  );
}

function doubleLiteral(value: number): string {
  // A number with a point is a decimal to some databases, where zero has no sign.
  if (Object.is(value, -0)) return quote(standardText, "-0.0");
  if (Number.isFinite(value)) return floatToText(value);
  return quote(standardText, Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
