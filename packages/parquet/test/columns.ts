import type { Column, ColumnData, ColumnType } from "@dlt/core";

/** A value as tests write it: timestamps, times and dates as the integers that batches hold, decimals unscaled. */
export type Cell = null | bigint | number | boolean | string | Uint8Array;

const utf8 = new TextEncoder();

/** A column with these values. `scale` is that of decimal values, by default that of the type. */
export function columnOf(name: string, type: ColumnType, cells: readonly Cell[]): Column {
  const validity = cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null;
  return { name, type, validity, ...dataOf(type, cells) };
}

/** The same values in the layout `dictionary`: the distinct values in an order of their own, some never used. */
export function dictionaryColumnOf(
  name: string,
  type: ColumnType,
  cells: readonly Cell[],
  unused: readonly Cell[],
): Column {
  const key = (cell: Cell): string =>
    cell instanceof Uint8Array ? cell.join() : `${typeof cell} ${Object.is(cell, -0) ? "-0" : cell}`;
  const entries = new Map([...unused, ...cells].filter((cell) => cell !== null).map((cell) => [key(cell), cell]));
  const codes = new Map([...entries.keys()].map((text, code) => [text, code]));
  return {
    name,
    type,
    validity: cells.includes(null) ? bitsOf(cells.map((cell) => cell !== null)) : null,
    layout: "dictionary",
    indices: Int32Array.from(cells, (cell) => (cell === null ? 0 : (codes.get(key(cell)) ?? 0))),
    values: columnOf("", type, [...entries.values()]),
  };
}

function dataOf(type: ColumnType, cells: readonly Cell[]): ColumnData {
  switch (type.dataType) {
    case "bigint":
    case "timestamp":
    case "time":
      return { layout: "fixed", values: BigInt64Array.from(cells, (cell) => (cell === null ? 77n : (cell as bigint))) };
    case "date":
      return { layout: "fixed", values: Int32Array.from(cells, (cell) => (cell === null ? 77 : (cell as number))) };
    case "double":
      return {
        layout: "fixed",
        values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : (cell as number))),
      };
    case "bool":
      return { layout: "bits", values: bitsOf(cells.map((cell) => cell !== false)) };
    case "decimal":
    case "wei": {
      const words = new BigInt64Array(cells.length * 2);
      for (const [index, cell] of cells.entries()) {
        words[index * 2] = (cell ?? -1n) as bigint;
        words[index * 2 + 1] = ((cell ?? -1n) as bigint) >> 64n;
      }
      return { layout: "decimal128", words, scale: scaleOf(type) };
    }
    case "text":
    case "json":
    case "binary": {
      const parts = cells.map((cell) => (cell instanceof Uint8Array ? cell : utf8.encode((cell ?? "") as string)));
      const offsets = new Int32Array(cells.length + 1);
      for (const [index, part] of parts.entries()) offsets[index + 1] = (offsets[index] as number) + part.length;
      return { layout: "bytes", offsets, data: Uint8Array.from(Buffer.concat(parts)) };
    }
  }
}

export function scaleOf({ dataType, precision, scale }: ColumnType): number {
  return scale ?? (dataType === "decimal" && precision === undefined ? 9 : 0);
}

export function bitsOf(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (const [index, flag] of flags.entries())
    if (flag) bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7));
  return bits;
}
