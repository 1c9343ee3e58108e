import { describe, expect, test } from "vitest";
import { CopyDecoder } from "../src/index.js";
import { cellsOf, columnOf, fileOf } from "./columns.js";

const head = Buffer.from("5047434f50590aff0d0a000000000000000000", "hex");
const id = { name: "id", type: "int4", columnType: { dataType: "bigint" } } as const;

function stream(hex: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(hex.replaceAll(" ", ""), "hex")]);
}

describe("a stream of the server", () => {
  test("has an empty head, and types that are only read", () => {
    const decoder = new CopyDecoder([
      { name: "u", type: "uuid", columnType: { dataType: "text" } },
      { name: "n", type: "numeric", columnType: { dataType: "decimal", precision: 10, scale: 2 } },
    ]);
    const row = "0002 00000010 00112233445566778899aabbccddeeff 0000000c 0002 0000 0000 0002 0001 1388 ffff";
    const batch = decoder.push(stream(row));
    decoder.finish();
    expect(batch?.columns.map((column) => cellsOf(column, 1))).toEqual([
      ["00112233-4455-6677-8899-aabbccddeeff"],
      [150n],
    ]);
  });

  test.each([
    ["NaN", "0001 00000008 0000 0000 c000 0000", "NaN"],
    ["more digits behind the point", "0001 0000000c 0002 0000 0000 0004 0001 0001", "1.0001"],
  ])("with %s where decimals of a scale are wanted gives text", (_, row, text) => {
    const decoder = new CopyDecoder([
      { name: "n", type: "numeric", columnType: { dataType: "decimal", precision: 10, scale: 2 } },
    ]);
    const column = decoder.push(stream(`${row} ffff`))?.columns[0];
    expect(column?.layout).toBe("bytes");
    expect(column === undefined ? [] : cellsOf(column, 1)).toEqual([text]);
  });
});

describe("bytes are refused", () => {
  test.each([
    ["a row has 2 fields", "0002 00000004 00000001 00000004 00000001"],
    ["has 2 bytes, and int4 has 4", "0001 00000002 0001 ffff"],
    ["the length of a field is negative", "0001 fffffffe"],
    ["bytes follow its end", "ffff 00"],
  ])("when %s", (reason, hex) => {
    expect(() => new CopyDecoder([id]).push(stream(hex))).toThrow(reason);
  });

  test.each([
    ["a number has another length than it says", "numeric", "0001 00000008 0001 0000 0000 0000 ffff"],
    ["a number is too short", "numeric", "0001 00000002 0001 ffff"],
    ["a document is of a version", "jsonb", "0001 00000003 02 7b7d ffff"],
  ] as const)("when %s", (reason, type, hex) => {
    const decoder = new CopyDecoder([{ name: "c", type, columnType: { dataType: "decimal" } }]);
    expect(() => decoder.push(stream(hex))).toThrow(reason);
  });

  test("that do not begin as a stream, at the first of them", () => {
    expect(() => new CopyDecoder([id]).push(Buffer.from("PGCOP\n"))).toThrow(
      expect.objectContaining({
        code: "COPY_STREAM_INVALID",
        message: "What was read is no stream of rows in the binary form of COPY: it does not begin as one.",
        hint: expect.stringContaining("Make it again"),
      }),
    );
    const flagged = Buffer.from(head);
    flagged[11] = 1;
    expect(() => new CopyDecoder([id]).push(flagged)).toThrow("flags that are not known");
  });

  test("that end early", async () => {
    const type = { dataType: "bigint", precision: 32 } as const;
    const batch = { rowCount: 2, columns: [columnOf("id", type, [1n, 2n])] };
    const file = await fileOf({ name: "t", columns: [{ ...type, name: "id", nullable: false }] }, [batch]);
    for (let length = 0; length < file.length; length++) {
      const decoder = new CopyDecoder([id]);
      decoder.push(file.subarray(0, length));
      expect(() => decoder.finish()).toThrow("it is cut off");
    }
  });
});
