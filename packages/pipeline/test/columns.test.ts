import * as flechette from "@uwdata/flechette";
import * as arrow from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { incremental, resource, withTableName } from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

/** Values of a column, and how DuckDB writes them once they were loaded. */
interface Kind<Value> {
  readonly type: string;
  readonly value: fc.Arbitrary<Value>;
  vector(values: readonly (Value | null)[]): arrow.Vector;
  text(value: Value): string;
}

/** Made so that the members of a kind agree with each other; the list of kinds does not care how. */
function kind<Value>(given: Kind<Value>): Kind<never> {
  return given as unknown as Kind<never>;
}

const built =
  (type: arrow.DataType) =>
  (values: readonly unknown[]): arrow.Vector =>
    arrow.vectorFromArray([...values], type);

function raw(type: arrow.DataType, values: readonly (bigint | null)[]): arrow.Vector {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [row, value] of values.entries())
    if (value !== null) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  const data = BigInt64Array.from(values, (value) => value ?? 0n);
  return new arrow.Vector([
    arrow.makeData({ type: type as arrow.Int64, data, nullBitmap: bits, length: values.length }),
  ]);
}

const millis = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }).map(BigInt);
const wall = (ms: bigint): string => new Date(Number(ms)).toISOString().replace("T", " ").replace("Z", "000");
const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\u0000", ""));
const json = (value: unknown): string => JSON.stringify(value);

/** Timestamps are shown in UTC, with six digits of the second. */
const timestampSql = (column: string): string => `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S.%f')`;

const kinds: Readonly<Record<string, Kind<never>>> = {
  int8: kind<number>({
    type: "TINYINT",
    value: fc.integer({ min: -128, max: 127 }),
    vector: built(new arrow.Int8()),
    text: String,
  }),
  uint8: kind<number>({
    type: "SMALLINT",
    value: fc.integer({ min: 0, max: 255 }),
    vector: built(new arrow.Uint8()),
    text: String,
  }),
  int32: kind<number>({ type: "INTEGER", value: fc.integer(), vector: built(new arrow.Int32()), text: String }),
  uint32: kind<number>({
    type: "BIGINT",
    value: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    vector: built(new arrow.Uint32()),
    text: String,
  }),
  int64: kind<bigint>({
    type: "BIGINT",
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    vector: built(new arrow.Int64()),
    text: String,
  }),
  float32: kind<number>({
    type: "DOUBLE",
    value: fc.integer({ min: -4096, max: 4096 }).map((value) => value / 16),
    vector: built(new arrow.Float32()),
    text: (value) => (Number.isInteger(value) ? `${value}.0` : `${value}`),
  }),
  bool: kind<boolean>({ type: "BOOLEAN", value: fc.boolean(), vector: built(new arrow.Bool()), text: String }),
  utf8: kind<string>({ type: "VARCHAR", value: text, vector: built(new arrow.Utf8()), text: String }),
  dictionary: kind<string>({
    type: "VARCHAR",
    value: fc.constantFrom("a", "ü", ""),
    vector: built(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int16())),
    text: String,
  }),
  binary: kind<Uint8Array>({
    type: "BLOB",
    value: fc.uint8Array({ maxLength: 9 }),
    vector: built(new arrow.LargeBinary()),
    text: (value) => Buffer.from(value).toString("hex").toUpperCase(),
  }),
  date32: kind<bigint>({
    type: "DATE",
    value: fc.integer({ min: -719162, max: 2932896 }).map((day) => BigInt(day) * 86_400_000n),
    vector: (values) => raw(new arrow.DateMillisecond(), values),
    text: (value) => wall(value).slice(0, 10),
  }),
  time: kind<bigint>({
    type: "TIME",
    value: fc.bigInt({ min: 0n, max: 86_399_999n }),
    vector: (values) =>
      raw(
        new arrow.TimeMicrosecond(),
        values.map((value) => value && value * 1000n),
      ),
    // Zeros at the end of a fraction are not written.
    text: (value) =>
      wall(value)
        .slice(11)
        .replace(/\.?0+$/, "")
        .padEnd(8, "0"),
  }),
  "timestamp of milliseconds": kind<bigint>({
    type: "TIMESTAMP WITH TIME ZONE",
    value: millis,
    vector: (values) => raw(new arrow.TimestampMillisecond("Europe/Berlin"), values),
    text: wall,
  }),
  "timestamp of microseconds": kind<bigint>({
    type: "TIMESTAMP WITH TIME ZONE",
    value: millis,
    vector: (values) =>
      raw(
        new arrow.TimestampMicrosecond(),
        values.map((value) => value && value * 1000n),
      ),
    text: wall,
  }),
  list: kind<readonly number[]>({
    type: "JSON",
    value: fc.array(fc.integer(), { maxLength: 3 }),
    vector: built(new arrow.List(new arrow.Field("item", new arrow.Int32(), true))),
    text: json,
  }),
  struct: kind<object>({
    type: "JSON",
    value: fc.record({ a: fc.boolean(), b: text }),
    vector: built(
      new arrow.Struct([new arrow.Field("a", new arrow.Bool(), true), new arrow.Field("b", new arrow.Utf8(), true)]),
    ),
    text: json,
  }),
};

/** How DuckDB is asked for the text of a column. */
function textSql(column: string, type: string): string {
  if (type === "BLOB") return `hex(${column})`;
  return type.startsWith("TIMESTAMP") ? timestampSql(column) : `CAST(${column} AS VARCHAR)`;
}

interface Sample {
  readonly columns: readonly { readonly kind: Kind<never>; readonly values: readonly never[] }[];
  readonly cut: number;
}

const anySample: fc.Arbitrary<Sample> = fc.integer({ min: 1, max: 30 }).chain((rowCount) =>
  fc.record({
    columns: fc.tuple(
      ...Object.values(kinds).map((kind) =>
        fc
          .array(fc.option(kind.value, { freq: 5 }), { minLength: rowCount, maxLength: rowCount })
          .map((values) => ({ kind, values: values as unknown as readonly never[] })),
      ),
    ),
    cut: fc.nat({ max: rowCount }),
  }),
);

const columnName = (index: number): string => `c${index}`;

describe("a table of random values", () => {
  const load = async ({ columns, cut }: Sample, as: (table: arrow.Table) => unknown): Promise<void> => {
    const machine = await newMachine();
    const rowCount = columns[0]?.values.length ?? 0;
    const part = (from: number, to: number): arrow.Table =>
      new arrow.Table({
        row: arrow.vectorFromArray(
          Array.from({ length: to - from }, (_, index) => from + index),
          new arrow.Int32(),
        ),
        ...Object.fromEntries(
          columns.map(({ kind, values }, index) => [columnName(index), kind.vector(values.slice(from, to))]),
        ),
      });
    const parts = [part(0, cut), part(cut, rowCount)].filter(({ numRows }) => numRows > 0).map(as);
    await machine.pipeline().run(parts, { tableName: "items" });
    const described = await machine.query("SELECT column_name, column_type FROM (DESCRIBE items)");
    expect(Object.fromEntries(described.map((column) => [column["column_name"], column["column_type"]]))).toEqual({
      row: "INTEGER",
      ...Object.fromEntries(columns.map(({ kind }, index) => [columnName(index), kind.type])),
    });
    // What looks like a number would come as one.
    const texts = columns.map(
      ({ kind }, index) => `'=' || ${textSql(columnName(index), kind.type)} AS ${columnName(index)}`,
    );
    const stored = await machine.query(`SELECT ${texts.join(", ")} FROM items ORDER BY "row"`);
    const expected = Array.from({ length: rowCount }, (_, row) =>
      Object.fromEntries(
        columns.map(({ kind, values }, index) => {
          const value = values[row];
          return [columnName(index), value === null || value === undefined ? null : `=${kind.text(value)}`];
        }),
      ),
    );
    expect(stored).toEqual(expected);
  };

  test("arrives from apache-arrow as it was", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySample, (sample) => load(sample, (table) => table)),
      { numRuns: 8, endOnFailure: true },
    );
  });

  test("arrives from flechette as it was", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(anySample, (sample) => load(sample, (table) => flechette.tableFromIPC(arrow.tableToIPC(table)))),
      { numRuns: 8, endOnFailure: true },
    );
  });
});

const ints = (values: readonly (number | null)[]): arrow.Vector =>
  arrow.vectorFromArray([...values], new arrow.Int32());
const table = (columns: Record<string, arrow.Vector>): arrow.Table => new arrow.Table(columns);
const typesOf = async (machine: Machine, name: string): Promise<unknown> =>
  (await machine.query(`SELECT column_name, column_type, "null" FROM (DESCRIBE ${name})`)).map(Object.values);

describe("what a run takes", () => {
  test("a table, with names made like those of rows", async () => {
    const machine = await newMachine();
    const info = await machine.pipeline().run(table({ CustomerID: ints([1, 2]) }), { tableName: "Customers" });
    expect(await machine.query("SELECT customer_id FROM customers ORDER BY 1")).toEqual([
      { customer_id: 1 },
      { customer_id: 2 },
    ]);
    expect(info.loadPackages[0]?.tableRows).toEqual([{ name: "customers", parent: null, rowCount: 2 }]);
  });

  test("record batches, one by one, in a list, and as a reader gives them", async () => {
    const machine = await newMachine();
    const made = table({ n: ints([1, 2, 3]) });
    const batches = [...made.slice(0, 1).batches, ...made.slice(1).batches];
    const p = machine.pipeline();
    await p.run(batches[0], { tableName: "one" });
    await p.run(batches, { tableName: "many" });
    const bytes = arrow.tableToIPC(new arrow.Table(batches));
    await p.run(await arrow.RecordBatchReader.from(bytes), { tableName: "read" });
    const counts =
      "SELECT (SELECT count(*) FROM one) AS one, (SELECT count(*) FROM many) AS many, (SELECT sum(n) FROM read) AS read";
    expect(await machine.query(counts)).toEqual([{ one: 1, many: 3, read: 6 }]);
  });

  test("tables of flechette, and tables that say where they go", async () => {
    const machine = await newMachine();
    const events = resource({ name: "events" }, function* () {
      yield flechette.tableFromArrays({ id: [1, 2], kind: ["a", "b"] });
      yield withTableName(flechette.tableFromArrays({ id: [3] }), "others");
      yield [{ id: 4, kind: "row" }];
    });
    await machine.pipeline().run(events);
    expect(await machine.query("SELECT id, kind FROM events ORDER BY id")).toEqual([
      { id: 1, kind: "a" },
      { id: 2, kind: "b" },
      { id: 4, kind: "row" },
    ]);
    expect(await machine.query("SELECT id FROM others")).toEqual([{ id: 3 }]);
  });

  test("steps see rows", async () => {
    const machine = await newMachine();
    const seen: unknown[] = [];
    const events = resource({ name: "events" }, () => [
      table({ n: ints([1, 2, null]), at: arrow.vectorFromArray([new Date(5), null, null]) }),
    ])
      .addFilter((row: unknown) => (row as { n: number | null }).n !== 2)
      .addMap((row: unknown) => {
        seen.push((row as { n: unknown }).n);
        return { ...(row as object), tags: ["x"] };
      });
    await machine.pipeline().run(events);
    expect(seen).toEqual([1, null]);
    expect(await machine.query('SELECT n, epoch_ms("at") AS ms FROM events ORDER BY n NULLS LAST')).toEqual([
      { n: 1, ms: 5 },
      { n: null, ms: null },
    ]);
    expect(await machine.query("SELECT count(*) AS tags FROM events__tags")).toEqual([{ tags: 2 }]);
  });

  test("a limit counts tables", async () => {
    const machine = await newMachine();
    const events = resource({ name: "events" }, function* () {
      for (let page = 0; ; page++)
        yield new arrow.Table([...table({ n: ints([page]) }).batches, ...table({ n: ints([page]) }).batches]);
    }).addLimit(2);
    await machine.pipeline().run(events);
    expect(await machine.query("SELECT n FROM events ORDER BY n")).toEqual([{ n: 0 }, { n: 0 }, { n: 1 }, { n: 1 }]);
  });
});

describe("tables that change from batch to batch", () => {
  test("have the columns of all, as wide as the widest", async () => {
    const machine = await newMachine();
    const pages = [
      table({
        id: ints([1]),
        n: ints([1]),
        only_first: arrow.vectorFromArray(["a"], new arrow.Utf8()),
        later: arrow.vectorFromArray([null], new arrow.Null()),
      }),
      table({
        id: ints([2]),
        n: arrow.vectorFromArray([2n ** 40n], new arrow.Int64()),
        later: arrow.vectorFromArray([true]),
      }),
      table({
        id: ints([3]),
        n: arrow.vectorFromArray([7], new arrow.Int8()),
        later: arrow.vectorFromArray([null], new arrow.Null()),
      }),
      table({ id: ints([4]), n: arrow.vectorFromArray([8], new arrow.Float64()) }),
    ];
    await machine.pipeline().run(pages, { tableName: "items" });
    expect(await machine.query("SELECT * FROM items ORDER BY id")).toEqual([
      { id: 1, n: 1, only_first: "a", later: null },
      { id: 2, n: 2 ** 40, only_first: null, later: true },
      { id: 3, n: 7, only_first: null, later: null },
      { id: 4, n: 8, only_first: null, later: null },
    ]);
    expect(await typesOf(machine, "items")).toEqual([
      ["id", "INTEGER", "YES"],
      ["n", "BIGINT", "YES"],
      ["only_first", "VARCHAR", "YES"],
      ["later", "BOOLEAN", "YES"],
    ]);
  });

  test("grow from run to run, but keep the types that were loaded", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    await p.run(table({ n: ints([1]) }), { tableName: "items" });
    await p.run(table({ n: arrow.vectorFromArray([2n], new arrow.Int64()), more: ints([1]) }), { tableName: "items" });
    await expect(
      p.run(table({ n: arrow.vectorFromArray([2n ** 40n], new arrow.Int64()) }), { tableName: "items" }),
    ).rejects.toMatchObject({
      code: "COLUMN_TYPE_DIFFERS",
      context: { table: "items", column: "n", stored: "bigint(32)", given: "bigint", row: 0 },
    });
    expect(await machine.query("SELECT * FROM items ORDER BY n")).toEqual([
      { n: 1, more: null },
      { n: 2, more: 1 },
    ]);
  });

  test("give the same files, whether threads or the main one normalize them", { timeout: 60_000 }, async () => {
    const rowCount = 400_000;
    const pages = [0, 1, 2].map((page) => {
      const numbers = new Int32Array(rowCount).map((_, row) => row * 3 + page);
      return table({
        n:
          page === 1
            ? arrow.vectorFromArray(BigInt64Array.from(numbers, (n) => BigInt(n) << 16n))
            : arrow.vectorFromArray(numbers),
        half: arrow.vectorFromArray(Float64Array.from(numbers, (n) => n / 2)),
        ...(page > 0 && { more: arrow.vectorFromArray(numbers) }),
      });
    });
    const sums: unknown[] = [];
    for (const workers of [1, 2]) {
      const machine = await newMachine();
      const p = machine.pipeline();
      await p.extract(pages, { tableName: "items" });
      await p.normalize({ workers });
      await p.load();
      sums.push(
        await machine.query(
          "SELECT count(*) AS n, sum(n) AS total, sum(half) AS half, count(more) AS more, typeof(any_value(n)) AS type FROM items",
        ),
      );
    }
    expect(sums[0]).toMatchObject([{ n: rowCount * 3, more: rowCount * 2, type: "BIGINT" }]);
    expect(sums[1]).toEqual(sums[0]);
  });
});

describe("what is said of a table", () => {
  test("hints win over the types of the batch, keys are not null", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const items = (...values: readonly (number | null)[]) =>
      resource(
        {
          name: "items",
          primaryKey: "ID",
          columns: { price: { dataType: "decimal", precision: 10, scale: 2 } },
        },
        () => [table({ ID: ints(values), price: arrow.vectorFromArray(values.map((value) => (value ?? 0) + 0.5)) })],
      );
    await p.run(items(1, 2));
    await p.run(items(3));
    expect(await machine.query("SELECT id, CAST(price AS VARCHAR) AS price FROM items ORDER BY id")).toEqual([
      { id: 1, price: "1.50" },
      { id: 2, price: "2.50" },
      { id: 3, price: "3.50" },
    ]);
    await expect(p.run(items(4, null))).rejects.toMatchObject({ code: "COLUMN_NULL_REFUSED", context: { row: 1 } });
  });

  test("a contract is asked for each batch", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    await p.run(table({ a: ints([1]) }), { tableName: "items" });
    const more = table({ a: ints([2, 3]), b: ints([1, null]) });
    const options = { tableName: "items", schemaContract: { columns: "discard_row" } } as const;
    await p.run(more, options);
    expect(await machine.query("SELECT * FROM items ORDER BY a")).toEqual([{ a: 1 }, { a: 3 }]);
    await expect(p.run(more, { ...options, schemaContract: { columns: "freeze" } })).rejects.toMatchObject({
      code: "SCHEMA_CONTRACT_COLUMN",
      context: { table: "items", column: "b" },
    });
  });

  test("a table without rows is made, and replaced by one", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const items = (rows: readonly number[]) =>
      resource({ name: "items", writeDisposition: "replace" }, () => [table({ n: ints(rows) })]);
    await p.run(items([]));
    expect(await typesOf(machine, "items")).toEqual([["n", "INTEGER", "YES"]]);
    await p.run(items([1, 2]));
    expect(await machine.query("SELECT count(*) AS n FROM items")).toEqual([{ n: 2 }]);
    await p.run(items([]));
    expect(await machine.query("SELECT count(*) AS n FROM items")).toEqual([{ n: 0 }]);
    await p.run(resource({ name: "items", writeDisposition: "replace" }, () => []));
    expect(await typesOf(machine, "items")).toEqual([["n", "INTEGER", "YES"]]);
  });

  test("settings add the columns of the library", async () => {
    const machine = await newMachine();
    const env = {
      NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_ID: "true",
      NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID: "true",
    };
    const info = await machine
      .pipeline({}, { ...machine.runtime, env })
      .run(table({ n: ints([1, 2]) }), { tableName: "items" });
    expect(
      await machine.query("SELECT DISTINCT _dlt_load_id, count(DISTINCT _dlt_id) AS ids FROM items GROUP BY ALL"),
    ).toEqual([{ _dlt_load_id: info.loadsIds[0], ids: 2 }]);
    // The table has them now, whatever the settings say.
    await machine.pipeline().run(table({ n: ints([3]) }), { tableName: "items" });
    expect(
      await machine.query("SELECT count(_dlt_id) AS ids, count(DISTINCT _dlt_load_id) AS loads FROM items"),
    ).toEqual([{ ids: 3, loads: 2 }]);
  });

  test("large integers and times without a zone have columns that are declared for them", async () => {
    const machine = await newMachine();
    const at = new arrow.Vector([
      arrow.makeData({ type: new arrow.TimestampMicrosecond(), data: BigInt64Array.of(1_000_000n) }),
    ]);
    const large = arrow.vectorFromArray([2n ** 64n - 1n], new arrow.Uint64());
    const p = machine.pipeline();
    const columns = {
      large: { dataType: "decimal", precision: 20, scale: 0 },
      at: { dataType: "timestamp", timezone: false },
    } as const;
    await p.run(table({ large, at }), { tableName: "items", columns });
    expect(await typesOf(machine, "items")).toEqual([
      ["large", "DECIMAL(20,0)", "YES"],
      ["at", "TIMESTAMP", "YES"],
    ]);
    expect(
      await machine.query('SELECT CAST(large AS VARCHAR) AS large, CAST("at" AS VARCHAR) AS "at" FROM items'),
    ).toEqual([{ large: "18446744073709551615", at: "1970-01-01 00:00:01" }]);
    await expect(p.run(table({ large }), { tableName: "others" })).rejects.toMatchObject({
      code: "FILE_VALUE_OUT_OF_RANGE",
      context: { table: "others", column: "large", row: 0 },
    });
  });

  test("what has no type is refused with its place", async () => {
    const machine = await newMachine();
    const type = new arrow.DurationSecond();
    const vector = new arrow.Vector([arrow.makeData({ type, data: BigInt64Array.of(1n) })]);
    const p = machine.pipeline();
    await expect(p.run(table({ d: vector }), { tableName: "items" })).rejects.toMatchObject({
      code: "ARROW_TYPE_UNSUPPORTED",
      context: { column: "d", type: "Duration", resource: "items" },
    });
  });
});

describe("a cursor over columns", () => {
  test("loads each row once", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const stamp = (values: readonly number[]): arrow.Vector =>
      new arrow.Vector([
        arrow.makeData({ type: new arrow.TimestampMicrosecond("UTC"), data: BigInt64Array.from(values, BigInt) }),
      ]);
    const events = (at: readonly number[], ids: readonly number[]) =>
      resource({ name: "events", primaryKey: "id", incremental: incremental("at") }, () => [
        table({ id: ints(ids), at: stamp(at) }),
      ]);
    await p.run(events([1, 2, 2], [1, 2, 3]));
    await p.run(events([1, 2, 2, 3], [1, 3, 4, 5]));
    await p.run(events([3], [5]));
    expect(await machine.query('SELECT id, epoch_us("at") AS "at" FROM events ORDER BY id')).toEqual([
      { id: 1, at: 1 },
      { id: 2, at: 2 },
      { id: 3, at: 2 },
      { id: 4, at: 2 },
      { id: 5, at: 3 },
    ]);
  });

  test("goes on from rows to columns", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    const events = (page: unknown) =>
      resource({ name: "events", primaryKey: "id", incremental: incremental("id", { initialValue: 2 }) }, () => [page]);
    await p.run(events([{ id: 1 }, { id: 2 }, { id: 3 }]));
    await p.run(events(table({ id: arrow.vectorFromArray([3n, 4n, 1n], new arrow.Int64()) })));
    await p.run(events([{ id: 4 }, { id: 5 }]));
    expect(await machine.query("SELECT id FROM events ORDER BY id")).toEqual([
      { id: 2 },
      { id: 3 },
      { id: 4 },
      { id: 5 },
    ]);
  });
});
