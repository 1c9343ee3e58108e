import { float } from "@dlt/pipeline";

/** Makes a value of the text of a field; `null` for an empty one. */
export type ColumnReader = (text: string) => unknown;

/** How the columns are read, told from some rows. */
export function columnReaders(
  rows: readonly Readonly<Record<string, string>>[],
  { allText }: { readonly allText: boolean },
): ReadonlyMap<string, ColumnReader> {
  const columns = Object.keys(rows[0] ?? {});
  return new Map(
    columns.map((column) => [column, allText ? readText : readerOf(rows.map((row) => row[column] ?? ""))]),
  );
}

/** The narrowest kind that all fields are of. Digits with zeros before them are text: they are numbers of things, not amounts. */
function readerOf(fields: readonly string[]): ColumnReader {
  const filled = fields.filter((text) => text !== "");
  if (filled.length === 0) return readText;
  const kinds = [
    [isInteger, readInteger],
    [isNumber, readNumber],
    [isBoolean, readBoolean],
  ] as const;
  return kinds.find(([isKind]) => filled.every(isKind))?.[1] ?? readText;
}

const isInteger = (text: string): boolean => /^-?(?:0|[1-9]\d{0,17})$/.test(text);
const isNumber = (text: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
const isBoolean = (text: string): boolean => /^(?:true|false)$/i.test(text);

function readText(text: string): string | null {
  return text === "" ? null : text;
}

// Fields behind the first rows may be of another kind: they stay text, for which the table gets a column of its own.

function readInteger(text: string): number | bigint | string | null {
  if (!isInteger(text)) return readText(text);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function readNumber(text: string): unknown {
  // `2.0` is no whole number, although JavaScript has one for it.
  return isNumber(text) ? float(Number(text)) : readText(text);
}

function readBoolean(text: string): boolean | string | null {
  return isBoolean(text) ? text.toLowerCase() === "true" : readText(text);
}
