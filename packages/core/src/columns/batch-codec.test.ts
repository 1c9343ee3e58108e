import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBatch, boolColumn, dictionaryColumn, int64Column, textColumn } from "../../test/batches.js";
import type { Column, ColumnBatch } from "../contract/batch.js";
import { isDltError } from "../errors/index.js";
import { decodeBatch, encodeBatch } from "./batch-codec.js";
import { readValue } from "./column-reader.js";

const example: ColumnBatch = {
  rowCount: 3,
  columns: [
    textColumn("s", ["a", null, "ü"]),
    int64Column("n", [1n, 2n, 3n], { dataType: "bigint", precision: 32 }),
    dictionaryColumn(boolColumn("b", [true, null]), [1, 0, null]),
  ],
};

describe("an encoded batch", () => {
  test("gives back names, types, layouts and values", () => {
    fc.assert(
      fc.property(anyBatch(), (batch) => {
        expect(contents(decodeBatch(encodeBatch(batch)))).toEqual(contents(batch));
      }),
    );
  });

  test("is the same when it is encoded again", () => {
    fc.assert(
      fc.property(anyBatch(), (batch) => {
        const bytes = encodeBatch(batch);
        expect(encodeBatch(decodeBatch(bytes))).toEqual(bytes);
      }),
    );
  });

  test("is read from anywhere in memory", () => {
    const bytes = encodeBatch(example);
    const file = new Uint8Array(bytes.length + 3);
    file.set(bytes, 3);
    expect(contents(decodeBatch(file.subarray(3)))).toEqual(contents(example));
    // What Node reads of a file: `slice` of it would not copy.
    expect(contents(decodeBatch(Buffer.from(file.buffer, 3)))).toEqual(contents(example));
  });

  test("keeps nothing of what its rows do not need", () => {
    const long = { ...textColumn("s", ["x".repeat(1000), "y", "z".repeat(1000)]), name: "s" };
    const middle = {
      ...long,
      offsets: long.layout === "bytes" ? long.offsets.subarray(1) : new Int32Array(0),
    } as Column;
    const bytes = encodeBatch({ rowCount: 1, columns: [middle] });
    expect(bytes.length).toBeLessThan(250);
    expect(contents(decodeBatch(bytes))).toEqual([
      { name: "s", type: { dataType: "text" }, layout: "bytes", values: ["y"] },
    ]);
  });

  test("leaves the given buffers as they are", () => {
    const bits = Buffer.from([0xff]);
    encodeBatch({
      rowCount: 3,
      columns: [{ name: "b", type: { dataType: "bool" }, validity: bits, layout: "bits", values: bits }],
    });
    expect(bits[0]).toBe(0xff);
  });

  test("may be empty", () => {
    expect(decodeBatch(encodeBatch({ rowCount: 0, columns: [] }))).toEqual({ rowCount: 0, columns: [] });
  });
});

describe("damage", () => {
  const bytes = encodeBatch(example);

  test("of any byte is found", () => {
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      expect(
        codeOf(() => decodeBatch(changed)),
        `byte ${at}`,
      ).toBe(at === 7 ? "BATCH_VERSION_UNKNOWN" : "BATCH_DAMAGED");
    }
  });

  test("by a lost or added end is found", () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => decodeBatch(bytes.slice(0, length)))).toBe("BATCH_DAMAGED");
    }
    const longer = new Uint8Array(bytes.length + 8);
    longer.set(bytes);
    expect(codeOf(() => decodeBatch(longer))).toBe("BATCH_DAMAGED");
  });

  test("is told by the reason", () => {
    expect(() => decodeBatch(bytes.slice(0, -8))).toThrow(
      `A stored column batch cannot be read: it has ${bytes.length - 8} bytes instead of ${bytes.length}.`,
    );
  });
});

describe("a batch that is not usable", () => {
  const ints = BigInt64Array.of(1n);
  const base = { name: "c", validity: null } as const;
  const cases: readonly (readonly [string, Column])[] = [
    [
      "fewer bits",
      {
        ...base,
        type: { dataType: "bigint" },
        validity: new Uint8Array(0),
        layout: "fixed",
        values: BigInt64Array.of(1n, 2n),
      },
    ],
    ["fewer values", { ...base, type: { dataType: "bigint" }, layout: "fixed", values: ints }],
    ["fewer bits", { ...base, type: { dataType: "bool" }, layout: "bits", values: new Uint8Array(0) }],
    ["fewer words", { ...base, type: { dataType: "decimal" }, layout: "decimal128", words: ints, scale: 0 }],
    [
      "fewer offsets",
      { ...base, type: { dataType: "text" }, layout: "bytes", offsets: new Int32Array(2), data: new Uint8Array(0) },
    ],
    [
      "begin below",
      {
        ...base,
        type: { dataType: "text" },
        layout: "bytes",
        offsets: Int32Array.of(-1, 0, 0),
        data: new Uint8Array(0),
      },
    ],
    [
      "decrease at row 1",
      {
        ...base,
        type: { dataType: "text" },
        layout: "bytes",
        offsets: Int32Array.of(0, 2, 1),
        data: new Uint8Array(2),
      },
    ],
    [
      "behind the end",
      {
        ...base,
        type: { dataType: "text" },
        layout: "bytes",
        offsets: Int32Array.of(0, 2, 3),
        data: new Uint8Array(2),
      },
    ],
    [
      "fewer indices",
      {
        ...base,
        type: { dataType: "bigint" },
        layout: "dictionary",
        indices: new Int32Array(1),
        values: int64Column("c", [1n], { dataType: "bigint" }),
      },
    ],
    [
      "row 1 is negative",
      {
        ...base,
        type: { dataType: "bigint" },
        layout: "dictionary",
        indices: Int32Array.of(0, -1),
        values: int64Column("c", [1n], { dataType: "bigint" }),
      },
    ],
    [
      "fewer values",
      {
        ...base,
        type: { dataType: "bigint" },
        layout: "dictionary",
        indices: Int32Array.of(0, 1),
        values: int64Column("c", [1n], { dataType: "bigint" }),
      },
    ],
    ["cannot be `text`", { ...base, type: { dataType: "text" }, layout: "fixed", values: BigInt64Array.of(1n, 2n) }],
    ["cannot be `date`", { ...base, type: { dataType: "date" }, layout: "fixed", values: Float64Array.of(1, 2) }],
    ["cannot be `double`", { ...base, type: { dataType: "double" }, layout: "fixed", values: Int32Array.of(1, 2) }],
    [
      "cannot be `text`",
      {
        ...base,
        type: { dataType: "text" },
        layout: "dictionary",
        indices: new Int32Array(2),
        values: int64Column("c", [1n], { dataType: "bigint" }),
      },
    ],
  ];

  test.each(cases)("is refused: %s", (reason, column) => {
    expect(codeOf(() => encodeBatch({ rowCount: 2, columns: [column] }))).toBe("BATCH_INVALID");
    expect(() => encodeBatch({ rowCount: 2, columns: [column] })).toThrow(reason);
  });

  test("may have any index where a value is missing", () => {
    const column = dictionaryColumn(textColumn("c", []), [null, null]);
    expect(contents(decodeBatch(encodeBatch({ rowCount: 2, columns: [column] })))).toEqual([
      { name: "c", type: { dataType: "text" }, layout: "dictionary", values: [null, null] },
    ]);
  });
});

function contents({ rowCount, columns }: ColumnBatch) {
  return columns.map((column) => ({
    name: column.name,
    type: column.type,
    layout: column.layout,
    values: Array.from({ length: rowCount }, (_, row) => readValue(column, row)),
  }));
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isDltError(error)) return error.code;
    throw error;
  }
  return "no error";
}
