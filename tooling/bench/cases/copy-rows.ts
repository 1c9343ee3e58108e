import type { Column, ColumnBatch, ColumnSchema, ColumnType } from "@dlt/core";
import { seededRandom } from "../random.js";

/** Rows of 17 columns of all usual types, an eighth of the values of nullable ones missing. */
export const copyRowsSeed = 20260711;

const nullable = [
  ["user_id", { dataType: "bigint" }],
  ["session_id", { dataType: "bigint", precision: 32 }],
  ["status", { dataType: "bigint", precision: 16 }],
  ["price", { dataType: "decimal", precision: 18, scale: 4 }],
  ["amount", { dataType: "decimal", precision: 38, scale: 9 }],
  ["score", { dataType: "double" }],
  ["ratio", { dataType: "double" }],
  ["is_public", { dataType: "bool" }],
  ["created_at", { dataType: "timestamp" }],
  ["day", { dataType: "date" }],
  ["at_time", { dataType: "time" }],
  ["type", { dataType: "text" }],
  ["url", { dataType: "text" }],
  ["message", { dataType: "text" }],
  ["payload", { dataType: "json" }],
] as const satisfies readonly (readonly [string, ColumnType])[];

export const copyColumns: readonly ColumnSchema[] = [
  { name: "id", dataType: "bigint", nullable: false },
  ...nullable.map(([name, type]): ColumnSchema => ({ ...type, name, nullable: true })),
  { name: "_dlt_id", dataType: "text", nullable: false },
];

/** A batch of rows from `first` on. */
export function copyBatch(first: number, rowCount: number): ColumnBatch {
  const random = seededRandom(copyRowsSeed + first);
  const rows = Array.from({ length: rowCount }, (_, row) => first + row);
  const texts: Readonly<Record<string, (row: number) => string>> = {
    type: () => `event type ${random.below(14)}`,
    url: () => `https://example.com/${random.hex(16)}`,
    message: (row) => "some words of text ".repeat(1 + random.below(4)) + row,
    payload: (row) => `{"id":${row},"tags":["a","b"],"size":${random.below(1000)}}`,
    _dlt_id: () => random.hex(16).slice(0, 14),
  };
  const columns = copyColumns.map((column): Column => {
    const { name, dataType, precision, scale } = column;
    const type = {
      dataType: dataType ?? "text",
      ...(typeof precision === "number" && { precision }),
      ...(typeof scale === "number" && { scale }),
    };
    const validity = column.nullable
      ? Uint8Array.from(
          { length: (rowCount + 7) >> 3 },
          () => random.below(256) | random.below(256) | random.below(256),
        )
      : null;
    const given = { name, type, validity };
    const text = texts[name];
    if (text !== undefined) return { ...given, ...bytesOf(rows.map(text)) };
    switch (dataType) {
      case "bool":
        return {
          ...given,
          layout: "bits",
          values: Uint8Array.from({ length: (rowCount + 7) >> 3 }, () => random.below(256)),
        };
      case "double":
        return { ...given, layout: "fixed", values: Float64Array.from(rows, () => random.below(1e9) / 1000) };
      case "date":
        return { ...given, layout: "fixed", values: Int32Array.from(rows, () => 19_000 + random.below(1000)) };
      case "decimal": {
        const words = new BigInt64Array(rowCount * 2);
        for (let row = 0; row < rowCount; row++) words[row * 2] = BigInt(random.uint32()) * 1_000_000n;
        return { ...given, layout: "decimal128", words, scale: scale ?? 0 };
      }
      default: {
        const start = dataType === "timestamp" ? 1_700_000_000_000_000 : 0;
        const below = precision === 16 ? 30_000 : 2_000_000_000;
        const integer = (row: number) => BigInt(name === "id" ? row : start + random.below(below));
        return { ...given, layout: "fixed", values: BigInt64Array.from(rows, integer) };
      }
    }
  });
  return { rowCount, columns };
}

function bytesOf(texts: readonly string[]): Pick<Column & { readonly layout: "bytes" }, "layout" | "offsets" | "data"> {
  const offsets = new Int32Array(texts.length + 1);
  for (const [index, text] of texts.entries()) offsets[index + 1] = (offsets[index] as number) + text.length;
  return { layout: "bytes", offsets, data: Uint8Array.from(Buffer.from(texts.join(""))) };
}
