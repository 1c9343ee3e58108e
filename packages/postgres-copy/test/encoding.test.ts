import type { Column, ColumnBatch, ColumnType, FileTable } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { pgcopy } from "../src/index.js";
import { type Cell, columnOf, inDictionary } from "./columns.js";

/** What one row of one column is encoded as, in hexadecimal: count of fields, length, value. */
function encoded(type: ColumnType, cell: Cell, given: ColumnType = type): string {
  const column = columnOf("c", given, [cell]);
  return Buffer.from(pgcopy().encode({ rowCount: 1, columns: [column] }, tableOf(type)).bytes).toString("hex");
}

function tableOf(type: ColumnType): FileTable {
  return { name: "items", columns: [{ ...type, name: "c", nullable: true }] };
}

function refusal(type: ColumnType, batch: ColumnBatch): unknown {
  try {
    pgcopy().encode(batch, tableOf(type));
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was refused.");
}

describe("a value is written as the server reads it", () => {
  test.each<[type: ColumnType, cell: Cell, hex: string]>([
    [{ dataType: "text" }, "", "0001 00000000"],
    [{ dataType: "text" }, null, "0001 ffffffff"],
    [{ dataType: "text" }, "é", "0001 00000002 c3a9"],
    [{ dataType: "json" }, "{}", "0001 00000003 01 7b7d"],
    [{ dataType: "binary" }, Uint8Array.of(0, 255), "0001 00000002 00ff"],
    [{ dataType: "bool" }, true, "0001 00000001 01"],
    [{ dataType: "bool" }, false, "0001 00000001 00"],
    [{ dataType: "bigint", precision: 16 }, -2n, "0001 00000002 fffe"],
    [{ dataType: "bigint", precision: 32 }, -2n, "0001 00000004 fffffffe"],
    [{ dataType: "bigint" }, 2n ** 40n, "0001 00000008 0000010000000000"],
    [{ dataType: "double" }, 1.5, "0001 00000008 3ff8000000000000"],
    [{ dataType: "date" }, 10957, "0001 00000004 00000000"],
    [{ dataType: "date" }, 0x7fffffff, "0001 00000004 7fffffff"],
    [{ dataType: "time" }, 1n, "0001 00000008 0000000000000001"],
    [{ dataType: "timestamp" }, 946_684_800_000_001n, "0001 00000008 0000000000000001"],
    [{ dataType: "timestamp" }, 946_684_799_999_999n, "0001 00000008 ffffffffffffffff"],
    [{ dataType: "timestamp" }, -(2n ** 63n), "0001 00000008 8000000000000000"],
    [{ dataType: "decimal", precision: 10, scale: 2 }, 123456789n, "0001 0000000e 0003 0001 0000 0002 007b 11d7 22c4"],
    [{ dataType: "decimal", precision: 10, scale: 2 }, -5n, "0001 0000000a 0001 ffff 4000 0002 01f4"],
    [{ dataType: "decimal", precision: 10, scale: 2 }, 0n, "0001 00000008 0000 0000 0000 0002"],
    [{ dataType: "wei" }, "NaN", "0001 00000008 0000 0000 c000 0000"],
    [{ dataType: "wei" }, "-Infinity", "0001 00000008 0000 0000 f000 0000"],
  ])("%o %s", (type, cell, hex) => {
    expect(encoded(type, cell)).toBe(hex.replaceAll(" ", ""));
  });

  test.each<[wanted: ColumnType, given: ColumnType, cell: Cell, same: Cell]>([
    [{ dataType: "double" }, { dataType: "bigint" }, 3n, 3],
    [{ dataType: "decimal", precision: 5, scale: 2 }, { dataType: "bigint" }, 300n, "300"],
    [{ dataType: "wei" }, { dataType: "decimal", scale: 0 }, 5n, 5n],
    [{ dataType: "text" }, { dataType: "json" }, "{}", "{}"],
    [{ dataType: "bigint" }, { dataType: "bigint" }, "77", 77n],
  ])("%o from %o", (wanted, given, cell, same) => {
    expect(encoded(wanted, cell, given)).toBe(encoded(wanted, same));
  });
});

describe("a value that the column cannot hold is refused with its row", () => {
  test.each<[wanted: ColumnType, given: ColumnType, cells: readonly Cell[]]>([
    [{ dataType: "bigint", precision: 16 }, { dataType: "bigint" }, [1n, 32768n]],
    [{ dataType: "bigint", precision: 32 }, { dataType: "bigint" }, [null, -2147483649n]],
    [{ dataType: "bigint" }, { dataType: "bigint" }, ["1", "9223372036854775808"]],
    [{ dataType: "double" }, { dataType: "bigint" }, [1n, 2n ** 53n + 1n]],
    [{ dataType: "decimal", precision: 3, scale: 2 }, { dataType: "decimal", scale: 2 }, [999n, 1000n]],
    [
      { dataType: "decimal", precision: 38, scale: 0 },
      { dataType: "decimal", scale: 0 },
      [10n ** 38n - 1n, 10n ** 38n],
    ],
    [{ dataType: "decimal", precision: 5, scale: 1 }, { dataType: "decimal", scale: 2 }, [110n, 111n]],
    [{ dataType: "decimal", precision: 5, scale: 2 }, { dataType: "bigint" }, [999n, -1000n]],
    [{ dataType: "wei" }, { dataType: "wei" }, ["1", "1e999999"]],
    [{ dataType: "decimal", precision: 3, scale: 2 }, { dataType: "decimal" }, ["-009.99", "10.00"]],
    [{ dataType: "decimal", precision: 3, scale: 2 }, { dataType: "decimal" }, ["NaN", "Infinity"]],
    [{ dataType: "decimal", precision: 3, scale: 0 }, { dataType: "decimal" }, ["9e2", "1e3"]],
    [{ dataType: "text", precision: 3 }, { dataType: "text" }, ["ä😀ü", "äöüß"]],
    [{ dataType: "date" }, { dataType: "date" }, [0, -2_440_589]],
    [{ dataType: "time" }, { dataType: "time" }, [0n, 86_400_000_001n]],
    [{ dataType: "time" }, { dataType: "time" }, [0n, -1n]],
    [{ dataType: "timestamp" }, { dataType: "timestamp" }, [0n, -(2n ** 63n) + 1n]],
  ])("%o from %o", (wanted, given, cells) => {
    const error = refusal(wanted, { rowCount: 2, columns: [columnOf("c", given, cells)] });
    expect(error).toMatchObject({
      code: "FILE_VALUE_OUT_OF_RANGE",
      context: { table: "items", column: "c", row: 1 },
    });
    expect(String(error)).toContain("Row 1 of the batch (counted from 0)");
  });
});

describe("the character U+0000", () => {
  const text = { dataType: "text" } as const;
  const json = { dataType: "json" } as const;

  test.each<[what: string, type: ColumnType, columns: readonly Column[]]>([
    ["in text", text, [columnOf("c", text, ["a", null, "b\0c"])]],
    ["in a dictionary", text, [inDictionary("c", text, ["a", null, "\0"])]],
    ["in a document", json, [columnOf("c", json, ['"a"', "1", '{"k":"\\\\\\u0000"}'])]],
    ["in a document that becomes text", text, [columnOf("c", text, ["{}", "", "\0"])]],
  ])("%s is refused with its row", (_, type, columns) => {
    expect(refusal(type, { rowCount: 3, columns })).toMatchObject({
      code: "FILE_TEXT_HAS_ZERO",
      context: { table: "items", column: "c", row: 2 },
    });
  });

  test.each<[what: string, type: ColumnType, cells: readonly Cell[]]>([
    ["that no row uses", text, ["a", null]],
    ["whose backslash is escaped", json, ['"\\\\u0000"', "1"]],
    ["in bytes", { dataType: "binary" }, [Uint8Array.of(0), Uint8Array.of(1)]],
  ])("%s is taken", (_, type, cells) => {
    const { rowCount } = pgcopy().encode({ rowCount: 2, columns: [columnOf("c", type, cells)] }, tableOf(type));
    expect(rowCount).toBe(2);
  });
});

test.each<[wanted: ColumnType, given: ColumnType, cell: Cell]>([
  [{ dataType: "text" }, { dataType: "bigint" }, 1n],
  [{ dataType: "json" }, { dataType: "text" }, "x"],
  [{ dataType: "binary" }, { dataType: "text" }, "x"],
  [{ dataType: "text" }, { dataType: "binary" }, Uint8Array.of(1)],
  [{ dataType: "bool" }, { dataType: "bigint" }, 1n],
  [{ dataType: "date" }, { dataType: "timestamp" }, 1n],
  [{ dataType: "timestamp" }, { dataType: "date" }, 1],
  [{ dataType: "bigint" }, { dataType: "double" }, 1],
  [{ dataType: "decimal" }, { dataType: "double" }, 1],
])("%o does not take %o", (wanted, given, cell) => {
  expect(refusal(wanted, { rowCount: 1, columns: [columnOf("c", given, [cell])] })).toMatchObject({
    code: "FILE_COLUMN_TYPE_MISMATCH",
    context: { given: given.dataType },
  });
});

test("a part goes only into a file of its columns", async () => {
  const format = pgcopy();
  const batch = { rowCount: 1, columns: [columnOf("c", { dataType: "bigint" }, [1n])] };
  const sink = { write: async () => undefined, close: async () => undefined };
  const file = format.open(tableOf({ dataType: "bigint" }), sink);
  await expect(file.write(format.encode(batch, tableOf({ dataType: "bigint", precision: 16 })))).rejects.toThrow(
    "not encoded as pgcopy",
  );
  await file.close();
  await expect(file.write(format.encode(batch, tableOf({ dataType: "bigint" })))).rejects.toThrow("closed file");
});
