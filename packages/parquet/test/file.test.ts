import type { ByteSink, ColumnBatch, FileColumn, FileTable } from "@dlt/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Compression, parquet } from "../src/index.js";
import { sample } from "./arbitraries.js";
import { type Cell, columnOf } from "./columns.js";
import { DuckDbReader, duckDbType, fileOf, memorySink, metadataOf, rowsOfHyparquet } from "./readers.js";

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb[Symbol.asyncDispose]());

const everyType: readonly FileColumn[] = [
  { name: "text", dataType: "text", nullable: true },
  { name: "json", dataType: "json", nullable: true },
  { name: "binary", dataType: "binary", nullable: false },
  { name: "double", dataType: "double", nullable: true },
  { name: "bool", dataType: "bool", nullable: true },
  { name: "timestamp", dataType: "timestamp", nullable: true },
  { name: "naive", dataType: "timestamp", timezone: false, nullable: true },
  { name: "time", dataType: "time", nullable: true },
  { name: "date", dataType: "date", nullable: true },
  { name: "int8", dataType: "bigint", precision: 8, nullable: true },
  { name: "int16", dataType: "bigint", precision: 16, nullable: true },
  { name: "int32", dataType: "bigint", precision: 32, nullable: true },
  { name: "int64", dataType: "bigint", nullable: true },
  { name: "decimal", dataType: "decimal", nullable: true },
  { name: "money", dataType: "decimal", precision: 12, scale: 2, nullable: true },
  { name: "wei", dataType: "wei", nullable: true },
];

describe("an empty file", () => {
  const table: FileTable = { name: "t", columns: everyType };
  const noRows: ColumnBatch = { rowCount: 0, columns: [columnOf("text", { dataType: "text" }, [])] };

  test.each([
    ["without parts", []],
    ["of parts without rows", [noRows, noRows]],
  ])("%s has every column and no rows", async (_name, batches) => {
    const bytes = await fileOf(table, batches);
    const path = duckDb.store(bytes);
    const described = await duckDb.query(`describe from '${path}'`);
    expect(described.map((row) => [row["column_name"], row["column_type"]])).toEqual(
      everyType.map((column) => [column.name, duckDbType(column)]),
    );
    expect(await duckDb.rows(bytes, table)).toEqual([]);
    expect(await rowsOfHyparquet(bytes, table)).toEqual([]);
  });
});

describe("columns", () => {
  test("are nullable or not in the file as in the table", async () => {
    const { schema } = metadataOf(await fileOf({ name: "t", columns: everyType }, []));
    expect(schema.slice(1).map(({ name, repetition_type }) => [name, repetition_type === "OPTIONAL"])).toEqual(
      everyType.map(({ name, nullable }) => [name, nullable]),
    );
  });

  test("of json can be inserted into a column of type JSON", async () => {
    const column: FileColumn = { name: "x", dataType: "json", nullable: true };
    const batch = { rowCount: 2, columns: [columnOf("x", { dataType: "json" }, ['{"a":[1.0,"ü"]}', null])] };
    const path = duckDb.store(await fileOf({ name: "t", columns: [column] }, [batch]));
    await duckDb.query("create table documents (x json)");
    await duckDb.query(`insert into documents by name select * from read_parquet('${path}', union_by_name=true)`);
    expect(await duckDb.query("select x->'$.a[1]' as a from documents")).toEqual([{ a: '"ü"' }, { a: null }]);
  });

  test("may have any name, and be many", async () => {
    const names = [
      "a b",
      'q"uote',
      "ünï",
      "__proto__",
      "1",
      "SELECT",
      ...Array.from({ length: 300 }, (_, index) => `c${index}`),
    ];
    const columns = names.map((name): FileColumn => ({ name, dataType: "bigint", nullable: true }));
    const batch = {
      rowCount: 1,
      columns: names.map((name, index) => columnOf(name, { dataType: "bigint" }, [BigInt(index)])),
    };
    const path = duckDb.store(await fileOf({ name: "t", columns }, [batch]));
    const result = await duckDb.connection.runAndReadAll(`from '${path}'`);
    expect(result.columnNames()).toEqual(names);
    expect(result.getRows()).toEqual([names.map((_, index) => BigInt(index))]);
  });
});

describe("a file of many parts", () => {
  const table: FileTable = {
    name: "t",
    columns: [
      { name: "id", dataType: "bigint", nullable: false },
      { name: "label", dataType: "text", nullable: true },
    ],
  };
  const batchOf = (part: number): ColumnBatch => ({
    rowCount: 100,
    columns: [
      columnOf(
        "id",
        { dataType: "bigint" },
        Array.from({ length: 100 }, (_, row) => BigInt(part * 100 + row)),
      ),
      columnOf(
        "label",
        { dataType: "text" },
        Array.from({ length: 100 }, (_, row) => (row % 7 === 0 ? null : `label ${row % 5}`)),
      ),
    ],
  });
  const batches = Array.from({ length: 300 }, (_, part) => batchOf(part));

  test("has a row group for each, in their order", async () => {
    const bytes = await fileOf(table, batches);
    expect(metadataOf(bytes).row_groups.length).toBe(300);
    const path = duckDb.store(bytes);
    const ordered =
      "count(*) filter (id = file_row_number) as ordered, count(distinct label) as labels, count(*) - count(label) as missing";
    expect(await duckDb.query(`select ${ordered} from read_parquet('${path}', file_row_number = true)`)).toEqual([
      { ordered: 30_000n, labels: 5n, missing: 4500n },
    ]);
  });

  test("is the same whoever encoded the parts, and on whatever thread", async () => {
    const sink = memorySink();
    const writer = parquet().open(table, sink);
    for (const batch of batches) {
      const part = parquet().encode(batch, table);
      const { bytes } = part;
      await writer.write(structuredClone(part, { transfer: [bytes.buffer as ArrayBuffer] }));
      expect(bytes.length).toBe(0);
    }
    const { rowCount, bytes } = await writer.close();
    expect(Buffer.compare(sink.bytes(), await fileOf(table, batches))).toBe(0);
    expect({ rowCount, bytes }).toEqual({ rowCount: 30_000, bytes: sink.bytes().length });
  });

  test("waits for the sink, writes in order and closes it", async () => {
    const events: string[] = [];
    const sink: ByteSink = {
      write: async (bytes) => {
        events.push("write");
        await new Promise(setImmediate);
        events.push(`wrote ${bytes.length > 0}`);
      },
      close: async () => void events.push("close"),
    };
    const writer = parquet().open(table, sink);
    const part = parquet().encode(batchOf(0), table);
    await writer.write(part);
    await writer.write(part);
    await writer.close();
    expect(events).toEqual([...new Array(3).fill(["write", "wrote true"]).flat(), "close"]);
  });

  test("refuses parts of other columns, of another format, and after it was closed", async () => {
    const refused = expect.objectContaining({
      name: "InternalError",
      code: "INTERNAL_STATE_UNEXPECTED",
      message: expect.stringContaining("`t`"),
    });
    const writer = parquet().open(table, memorySink());
    const part = parquet().encode(batchOf(0), table);
    const [first, ...others] = table.columns;
    const otherPart = parquet().encode(batchOf(0), { name: "t", columns: [...others, first as FileColumn] });
    await expect(writer.write(otherPart)).rejects.toThrow(refused);
    await expect(writer.write({ rowCount: 1, bytes: part.bytes })).rejects.toThrow(refused);
    await expect(writer.write({ ...part, layout: { format: "csv" } })).rejects.toThrow(refused);
    await writer.write(part);
    await writer.close();
    await expect(writer.write(part)).rejects.toThrow(refused);
  });
});

describe("a long row group", () => {
  const rowCount = 150_000;
  const rows = Array.from({ length: rowCount }, (_, row) => row);
  const gaps = (row: number): boolean => row % 3 === 1;
  const cells: Readonly<Record<string, readonly Cell[]>> = {
    integer: rows.map((row) => BigInt(row) * 1_000_003n),
    gap: rows.map((row) => (gaps(row) ? null : BigInt(row))),
    unique: rows.map((row) => `unique value ${row}`),
    uniqueGap: rows.map((row) => (gaps(row) ? null : `unique value ${row}`)),
    repeated: rows.map((row) => `repeated value ${(row * 7919) % 1000}`),
    late: rows.map((row) => (row < 60_000 ? "same" : `then others ${row}`)),
    bool: rows.map((row) => row % 7 < 3),
    boolGap: rows.map((row) => (gaps(row) ? null : row % 7 < 3)),
    decimal: rows.map((row) => BigInt(row - 100_000) * 10n ** 20n),
  };
  const types = { integer: "bigint", gap: "bigint", bool: "bool", boolGap: "bool", decimal: "decimal" } as const;
  const columns = Object.keys(cells).map((name): FileColumn => {
    const dataType = name in types ? types[name as keyof typeof types] : "text";
    return { name, dataType, nullable: true };
  });
  const table: FileTable = { name: "t", columns };
  const batch: ColumnBatch = {
    rowCount,
    columns: columns.map((column) => columnOf(column.name, { dataType: column.dataType }, cells[column.name] ?? [])),
  };

  test("of several pages reads back", { timeout: 60_000 }, async () => {
    const bytes = await fileOf(table, [batch]);
    const read = await duckDb.rows(bytes, table);
    for (const { name } of columns) {
      expect(
        read.findIndex((row, index) => row[name] !== cells[name]?.[index]),
        name,
      ).toBe(-1);
    }
    const again = await rowsOfHyparquet(bytes, table);
    for (const { name } of columns.filter(({ dataType }) => dataType !== "decimal")) {
      expect(
        again.findIndex((row, index) => row[name] !== cells[name]?.[index]),
        name,
      ).toBe(-1);
    }
  });

  test("has dictionaries where values repeat", async () => {
    const [group] = metadataOf(await fileOf(table, [batch])).row_groups;
    const coded = group?.columns.filter(({ meta_data }) => meta_data?.encodings.includes("RLE_DICTIONARY"));
    expect(coded?.map(({ meta_data }) => meta_data?.path_in_schema[0])).toEqual(["repeated"]);
  });
});

test("a filter finds its rows by the statistics", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sample({ minRows: 1, maxRows: 30 }), async ({ table, batches, rows }) => {
      const path = duckDb.store(await fileOf(table, batches));
      for (const { name, dataType } of table.columns) {
        const wanted = rows.find((row) => row[name] !== null)?.[name];
        if ((typeof wanted !== "bigint" && typeof wanted !== "number") || dataType === "decimal" || dataType === "wei")
          continue;
        const value = {
          timestamp: `make_timestamp(${wanted})`,
          time: `make_time(0, 0, 0) + to_microseconds(${wanted})`,
          date: `date '1970-01-01' + ${wanted}`,
        };
        const literal =
          dataType in value
            ? value[dataType as keyof typeof value]
            : Number.isFinite(wanted) || typeof wanted === "bigint"
              ? String(wanted)
              : `'${wanted}'::double`;
        const same = rows.filter((row) => row[name] === wanted || (Number.isNaN(wanted) && Number.isNaN(row[name])));
        const filter = `"${name.replaceAll('"', '""')}" = ${literal}`;
        expect(await duckDb.query(`select count(*) as found from '${path}' where ${filter}`)).toEqual([
          { found: BigInt(same.length) },
        ]);
      }
    }),
    { numRuns: 100 },
  );
});

describe("compressed files", () => {
  const available = (compression: Compression): boolean => {
    try {
      return parquet({ compression }).name === "parquet";
    } catch {
      return false;
    }
  };

  test("zstd depends on the version of Node", () => {
    const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
    const isKnown = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
    expect(available("zstd")).toBe(isKnown);
  });

  test.each((["snappy", "gzip", "zstd"] as const).filter(available))("read back (%s)", async (compression) => {
    await fc.assert(
      fc.asyncProperty(sample({ minRows: 0, maxRows: 40 }), async ({ table, batches, rows }) => {
        expect(await duckDb.rows(await fileOf(table, batches, { compression }), table)).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  test("are smaller, and say by how much", async () => {
    const table: FileTable = { name: "t", columns: [{ name: "x", dataType: "bigint", nullable: false }] };
    const batch = {
      rowCount: 50_000,
      columns: [
        columnOf(
          "x",
          { dataType: "bigint" },
          Array.from({ length: 50_000 }, (_, row) => BigInt(row)),
        ),
      ],
    };
    const sizes = async (compression: Compression) => {
      const meta = metadataOf(await fileOf(table, [batch], { compression })).row_groups[0]?.columns[0]?.meta_data;
      return {
        codec: meta?.codec,
        stored: Number(meta?.total_compressed_size),
        before: Number(meta?.total_uncompressed_size),
      };
    };
    const plain = await sizes("none");
    expect(plain).toEqual({ codec: "UNCOMPRESSED", stored: plain.before, before: plain.before });
    for (const compression of ["snappy", "gzip"] as const) {
      const { codec, stored, before } = await sizes(compression);
      expect(codec).toBe(compression.toUpperCase());
      expect(stored).toBeLessThan(before * 0.6);
      expect(Math.abs(before - plain.before)).toBeLessThan(10);
    }
  });
});
