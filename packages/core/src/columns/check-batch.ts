import type { Column, ColumnBatch } from "../contract/batch.js";
import { SchemaError } from "../errors/index.js";
import { dataTypes } from "../values/data-type.js";
import { checkColumn, invalidColumn, valueCount } from "./check-column.js";

/**
 * Checks a batch that comes from outside: that it is what its type says, and that its buffers are long enough for its rows.
 *
 * @throws SchemaError `BATCH_INVALID`
 */
export function checkBatch({ rowCount, columns }: ColumnBatch): void {
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) {
    throw new SchemaError("BATCH_INVALID", "A column batch is not usable: its `rowCount` is no number of rows.", {
      hint: "Give the number of rows as an integer.",
    });
  }
  for (const column of columns as readonly unknown[]) checkAny(column, rowCount);
}

function checkAny(value: unknown, rowCount: number): void {
  const fault = faultOf(value);
  if (fault !== null) throw invalidColumn(nameOf(value), fault);
  const column = value as Column;
  checkColumn(column, rowCount);
  if (column.layout === "dictionary") checkAny(column.values, valueCount(column, rowCount));
}

function nameOf(column: unknown): string {
  const name = typeof column === "object" && column !== null && "name" in column ? column.name : undefined;
  return typeof name === "string" ? name : "(without a name)";
}

type AnyColumn = Readonly<Record<string, unknown>>;

/** What a value lacks to be a column; `null` for one. */
function faultOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "it is no object";
  const column = value as AnyColumn;
  if (typeof column["name"] !== "string") return "its `name` is no text";
  const type = column["type"];
  const dataType = typeof type === "object" && type !== null && "dataType" in type ? type.dataType : undefined;
  if (!dataTypes.some((known) => known === dataType)) return "its `type` has no `dataType` that there is";
  if (column["validity"] !== null && !(column["validity"] instanceof Uint8Array))
    return "its `validity` is neither a Uint8Array nor `null`";
  const buffers = buffersOf.get(column["layout"]);
  if (buffers === undefined) return "its `layout` is none of those that there are";
  const missing = buffers.find(([name, isBuffer]) => !isBuffer(column[name]));
  if (missing !== undefined) return `its \`${missing[0]}\` is not what the layout asks for`;
  const inner = column["layout"] === "dictionary" ? faultOf(column["values"]) : null;
  return inner === null ? null : `of the values of its dictionary, ${inner}`;
}

type Test = (value: unknown) => boolean;

const isBytes: Test = (value) => value instanceof Uint8Array;
const isInt32: Test = (value) => value instanceof Int32Array;
const isInt64: Test = (value) => value instanceof BigInt64Array;
const isNumbers: Test = (value) => isInt32(value) || isInt64(value) || value instanceof Float64Array;

/** The members that each layout asks for. */
const buffersOf: ReadonlyMap<unknown, readonly (readonly [name: string, isBuffer: Test])[]> = new Map([
  ["fixed", [["values", isNumbers]]],
  ["bits", [["values", isBytes]]],
  [
    "bytes",
    [
      ["offsets", isInt32],
      ["data", isBytes],
    ],
  ],
  [
    "decimal128",
    [
      ["words", isInt64],
      ["scale", Number.isInteger],
    ],
  ],
  [
    "dictionary",
    [
      ["indices", isInt32],
      ["values", (value) => typeof value === "object" && value !== null],
    ],
  ],
] as const);
