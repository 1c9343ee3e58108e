import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anyBatch,
  boolColumn,
  dateColumn,
  decimalColumn,
  dictionaryColumn,
  doubleColumn,
  int64Column,
  textColumn,
} from "../../../test/batches.js";
import { testRun as run } from "../../../test/normalize-run.js";
import { readValue } from "../../columns/column-reader.js";
import type { Column, ColumnBatch, TableBatch } from "../../contract/batch.js";
import type { ChunkResult, NormalizeRun, NormalizerSession, RawChunk } from "../../contract/normalizer.js";
import type { ColumnSchema, DataType, PartialTable, Schema } from "../../contract/schema.js";
import { type DltError, isDltError } from "../../errors/index.js";
import { encodeRows } from "../../json/encode-rows.js";
import { rowsOfBatch } from "../../reading/rows-of-batch.js";
import { formatSchema } from "../../schema/format-schema.js";
import { newSchema } from "../../schema/new-schema.js";
import { applyUpdate, updateTable } from "../../schema/update-table.js";
import { relationalNormalizer } from "../session.js";

const batchOf = (...columns: readonly Column[]): ColumnBatch => ({ rowCount: lengthOf(columns[0]), columns });

/** Rows of a column that was made from its values. */
function lengthOf(column: Column | undefined): number {
  if (column === undefined) return 0;
  switch (column.layout) {
    case "bytes":
      return column.offsets.length - 1;
    case "dictionary":
      return column.indices.length;
    case "decimal128":
      return column.words.length / 2;
    case "bits":
      return column.values.length * 8;
    default:
      return column.values.length;
  }
}

const int = (name: string, values: readonly (number | null)[], precision?: number): Column =>
  int64Column(
    name,
    values.map((value) => (value === null ? null : BigInt(value))),
    {
      dataType: "bigint",
      ...(precision !== undefined && { precision }),
    },
  );

interface Outcome extends ChunkResult {
  readonly batch: ColumnBatch | undefined;
}

interface Given {
  readonly run?: Partial<NormalizeRun>;
  /** What is known of the table `t`. */
  readonly columns?: readonly ColumnSchema[];
  readonly table?: Partial<PartialTable>;
}

function schemaWith({ columns, table }: Given): Schema {
  const schema = newSchema("src");
  if (columns === undefined && table === undefined) return schema;
  return updateTable(schema, {
    name: "t",
    columns: new Map(columns?.map((column) => [column.name, column])),
    ...table,
  });
}

const open = (given: Given = {}, schema: Schema = schemaWith(given)): NormalizerSession =>
  relationalNormalizer.open(formatSchema(schema), { ...run, ...given.run });

function normalizeWith(session: NormalizerSession, data: RawChunk["data"], chunk: Partial<RawChunk> = {}): Outcome {
  const taken: TableBatch[] = [];
  const result = session.normalize({ index: 0, table: "t", numbers: "text", firstRow: 100, data, ...chunk }, (batch) =>
    taken.push(batch),
  );
  expect(taken.length).toBeLessThanOrEqual(1);
  return { ...result, batch: taken[0]?.batch };
}

const normalize = (batch: ColumnBatch, given: Given = {}): Outcome => normalizeWith(open(given), batch);

function cells({ batch }: Outcome): Record<string, unknown[]> {
  return Object.fromEntries(
    (batch?.columns ?? []).map((column) => [
      column.name,
      Array.from({ length: batch?.rowCount ?? 0 }, (_, row) => readValue(column, row)),
    ]),
  );
}

function added({ update }: ChunkResult): Record<string, unknown>[] {
  return update.flatMap(({ columns }) => [...columns.values()].map((column) => ({ ...column })));
}

function caught(call: () => unknown): DltError {
  try {
    call();
  } catch (error) {
    if (isDltError(error)) return error;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

describe("names and new columns", () => {
  test("names are normalized, types are those of the batch", () => {
    const result = normalize(
      batchOf(
        int("Customer ID", [1, null], 32),
        textColumn("aB", ["x", "y"]),
        decimalColumn("d", [1n, 2n], { scale: 2 }),
      ),
    );
    expect(added(result)).toEqual([
      { name: "customer_id", dataType: "bigint", nullable: true, precision: 32 },
      { name: "a_b", dataType: "text", nullable: true },
      { name: "d", dataType: "decimal", nullable: true, precision: 38, scale: 2 },
    ]);
    expect(cells(result)).toEqual({ customer_id: [1, null], a_b: ["x", "y"], d: ["0.01", "0.02"] });
    expect(result.rowCounts).toEqual({ t: 2 });
    expect(result.touched).toEqual(["t"]);
  });

  test("names that become equal are refused with both", () => {
    const error = caught(() => normalize(batchOf(int("aB", [1]), int("a_b", [1]))));
    expect(error.code).toBe("COLUMN_NAMES_COLLIDE");
    expect(error.message).toContain("`aB` and `a_b`");
    expect(error.context).toEqual({ schema: "src", table: "t", column: "a_b" });
    const withNull = { ...batchOf(int("a_b", [1])), nullColumns: ["aB"] };
    expect(caught(() => normalize(withNull)).code).toBe("COLUMN_NAMES_COLLIDE");
  });

  test("a name of nothing but white space is told", () => {
    expect(Object.keys(cells(normalize(batchOf(int(" ", [1])))))).toEqual(["_empty"]);
  });

  test("the precision of a time is what the destination has, and naive timestamps count as UTC", () => {
    const timestamps = (name: string, precision: number): Column =>
      int64Column(name, [0n], { dataType: "timestamp", precision, timezone: false });
    const result = normalize(batchOf(timestamps("ms", 3), timestamps("us", 6), timestamps("ns", 9)));
    expect(added(result)).toEqual([
      { name: "ms", dataType: "timestamp", nullable: true, precision: 3 },
      { name: "us", dataType: "timestamp", nullable: true },
      { name: "ns", dataType: "timestamp", nullable: true },
    ]);
  });

  test("columns of nothing but nulls wait for values, typed ones do not", () => {
    const result = normalize({ ...batchOf(int("a", [null, null])), nullColumns: ["No Type"] });
    expect(added(result)).toMatchObject([{ name: "a", dataType: "bigint" }]);
    expect(result.nullOnly).toEqual([["t", "no_type"]]);
  });

  test("a batch without rows makes the table", () => {
    const result = normalize(batchOf(int("a", [])));
    expect(added(result)).toMatchObject([{ name: "a" }]);
    expect(result.batch?.rowCount).toBe(0);
  });

  test("rows without any column are not stored", () => {
    const result = normalize({ rowCount: 3, columns: [], nullColumns: ["a"] });
    expect(result.batch).toBeUndefined();
    expect(result.rowCounts).toEqual({});
  });

  test("missing columns stay missing, new ones are added", () => {
    const session = open();
    normalizeWith(session, batchOf(int("a", [1]), int("b", [1])));
    const result = normalizeWith(session, batchOf(int("b", [2]), int("c", [2])));
    expect(added(result)).toMatchObject([{ name: "c" }]);
    expect(cells(result)).toEqual({ b: [2], c: [2] });
  });

  test("row filters of the table leave columns out", () => {
    const result = normalize(batchOf(int("a", [1]), int("secret", [1])), {
      table: { filters: { excludes: ["re:^secret$"] } },
    });
    expect(Object.keys(cells(result))).toEqual(["a"]);
  });
});

describe("hints", () => {
  test("complete a column that the batch brings", () => {
    const result = normalize(batchOf(int("id", [1], 32)), {
      columns: [{ name: "id", nullable: false, primaryKey: true }],
    });
    expect(added(result)).toEqual([
      { name: "id", dataType: "bigint", nullable: false, precision: 32, primaryKey: true },
    ]);
  });

  test("win over the types of the batch", () => {
    const result = normalize(
      batchOf(int("a", [1, null]), doubleColumn("p", [0.1, 2.5]), textColumn("t", ["2024-01-02", null])),
      {
        columns: [
          { name: "a", dataType: "text" },
          { name: "p", dataType: "decimal", precision: 10, scale: 2 },
          { name: "t", dataType: "date" },
        ],
      },
    );
    expect(result.update).toEqual([]);
    expect(cells(result)).toEqual({ a: ["1", null], p: ["0.10", "2.50"], t: ["2024-01-02", null] });
  });

  test("are not widened", () => {
    const error = caught(() =>
      normalize(batchOf(int("a", [1, 40_000])), { columns: [{ name: "a", dataType: "bigint", precision: 16 }] }),
    );
    expect(error.code).toBe("COLUMN_TYPE_DIFFERS");
  });

  test("refuse nulls", () => {
    for (const column of [int("a", [1, null]), dictionaryColumn(textColumn("a", ["x", null]), [0, 1])]) {
      const error = caught(() => normalize(batchOf(column), { columns: [{ name: "a", nullable: false }] }));
      expect(error.code).toBe("COLUMN_NULL_REFUSED");
      expect(error.context).toEqual({ schema: "src", table: "t", column: "a", row: 101 });
    }
  });
});

const conversions: readonly (readonly [string, Column, Omit<ColumnSchema, "name">, readonly unknown[] | number])[] = [
  ["integers to double", int("c", [1, null, -(2 ** 53)]), { dataType: "double" }, [1, null, -(2 ** 53)]],
  [
    "large integers to double",
    int64Column("c", [2n ** 60n], { dataType: "bigint" }),
    { dataType: "double" },
    [2n ** 60n].map(Number),
  ],
  [
    "integers that are no doubles",
    int64Column("c", [1n, 2n ** 53n + 1n], { dataType: "bigint" }),
    { dataType: "double" },
    1,
  ],
  ["integral doubles to integers", doubleColumn("c", [1, null, -2e15]), { dataType: "bigint" }, [1, null, -2e15]],
  ["fractions to integers", doubleColumn("c", [null, 1, 1.5]), { dataType: "bigint" }, 2],
  ["not a number to integers", doubleColumn("c", [Number.NaN]), { dataType: "bigint" }, 0],
  ["integers to decimal", int("c", [5, null]), { dataType: "decimal", precision: 5, scale: 2 }, ["5.00", null]],
  ["integers with too many digits", int("c", [5, 5000]), { dataType: "decimal", precision: 5, scale: 2 }, 1],
  [
    "doubles as they are written to decimal",
    doubleColumn("c", [0.1, 1e3]),
    { dataType: "decimal", precision: 9, scale: 3 },
    ["0.100", "1000.000"],
  ],
  [
    "doubles with too many digits",
    doubleColumn("c", [0.125, 0.1234]),
    { dataType: "decimal", precision: 9, scale: 3 },
    1,
  ],
  ["decimals to double", decimalColumn("c", [15n], { scale: 1 }), { dataType: "double" }, [1.5]],
  ["decimals that are no doubles", decimalColumn("c", [15n, 10n ** 25n + 1n], { scale: 1 }), { dataType: "double" }, 1],
  [
    "decimals of a smaller scale",
    decimalColumn("c", [15n, null], { scale: 1 }),
    { dataType: "decimal", precision: 38, scale: 3 },
    ["1.500", null],
  ],
  [
    "decimals of a larger scale without digits there",
    decimalColumn("c", [1500n], { scale: 3 }),
    { dataType: "decimal", precision: 5, scale: 1 },
    ["1.5"],
  ],
  [
    "decimals that would be rounded",
    decimalColumn("c", [1500n, 1501n], { scale: 3 }),
    { dataType: "decimal", precision: 5, scale: 1 },
    1,
  ],
  ["decimals to wei", decimalColumn("c", [150n], { scale: 1 }), { dataType: "wei" }, ["15"]],
  [
    "timestamps to text",
    int64Column("c", [0n], { dataType: "timestamp" }),
    { dataType: "text" },
    ["1970-01-01T00:00:00+00:00"],
  ],
  [
    "truth values to text",
    boolColumn("c", [true, false, null, true, true, true, true, true]),
    { dataType: "text" },
    ["True", "False", null, "True", "True", "True", "True", "True"],
  ],
  ["documents to text", textColumn("c", ['{"a": 1}', null], "json"), { dataType: "text" }, ['{"a": 1}', null]],
  ["text to documents", textColumn("c", ["[1]"]), { dataType: "json" }, ["[1]"]],
  ["text that is no document", textColumn("c", ["[1]", "["]), { dataType: "json" }, 1],
  [
    "text to timestamps",
    textColumn("c", ["2024-01-02T03:04:05+01:00"]),
    { dataType: "timestamp" },
    ["2024-01-02T02:04:05+00:00"],
  ],
  ["text to bigint", textColumn("c", ["12", null]), { dataType: "bigint" }, [12, null]],
  ["other text to bigint", textColumn("c", ["12", "x"]), { dataType: "bigint" }, 1],
  ["dates to timestamps", dateColumn("c", [1, null]), { dataType: "timestamp" }, ["1970-01-02T00:00:00+00:00", null]],
  [
    "midnights to dates",
    int64Column("c", [86_400_000_000n], { dataType: "timestamp" }),
    { dataType: "date" },
    ["1970-01-02"],
  ],
  ["other times to dates", int64Column("c", [0n, 1n], { dataType: "timestamp" }), { dataType: "date" }, 1],
  ["text with a time to dates", textColumn("c", ["2024-01-02T03:00:00Z"]), { dataType: "date" }, 0],
  ["seconds to timestamps", doubleColumn("c", [-1.5]), { dataType: "timestamp" }, ["1969-12-31T23:59:58.500000+00:00"]],
  ["zero and one to truth values", int("c", [0, 1, null]), { dataType: "bool" }, [false, true, null]],
  ["other numbers to truth values", int("c", [0, 2]), { dataType: "bool" }, 1],
  [
    "truth values to numbers",
    boolColumn("c", [true, true, true, true, true, true, true, true]),
    { dataType: "bigint" },
    0,
  ],
  ["binary to text", textColumn("c", [Uint8Array.of(1, 2)], "binary"), { dataType: "text" }, ["AQI="]],
  ["a dictionary", dictionaryColumn(int("c", [7, 9, 8]), [1, null, 1]), { dataType: "text" }, ["9", null, "9"]],
  [
    "a dictionary whose unused value would not fit",
    dictionaryColumn(doubleColumn("c", [0.5, 2]), [1, 1]),
    { dataType: "bigint" },
    [2, 2],
  ],
  [
    "a dictionary with a value that does not fit",
    dictionaryColumn(doubleColumn("c", [2, 0.5]), [0, null, 1]),
    { dataType: "bigint" },
    2,
  ],
  ["narrow integers", int("c", [1, -128], 64), { dataType: "bigint", precision: 8 }, [1, -128]],
  ["integers too wide", int("c", [1, null, 128], 64), { dataType: "bigint", precision: 8 }, 2],
  [
    "binary of the length",
    textColumn("c", [Uint8Array.of(1, 2)], "binary"),
    { dataType: "binary", precision: 2 },
    [Uint8Array.of(1, 2)],
  ],
  [
    "binary beyond the length",
    textColumn("c", [Uint8Array.of(1, 2, 3)], "binary"),
    { dataType: "binary", precision: 2 },
    0,
  ],
  [
    "times without finer digits",
    int64Column("c", [5_000n, -5_000n], { dataType: "timestamp" }),
    { dataType: "timestamp", precision: 3 },
    ["1970-01-01T00:00:00.005000+00:00", "1969-12-31T23:59:59.995000+00:00"],
  ],
  [
    "times with finer digits",
    int64Column("c", [-5_000n, -5_001n], { dataType: "timestamp" }),
    { dataType: "timestamp", precision: 3 },
    1,
  ],
];

describe("a column of another type than the table's", () => {
  test.each(conversions)("is converted where nothing is lost: %s", (_, column, stored, expected) => {
    const given = { columns: [{ name: "c", ...stored }] };
    if (typeof expected !== "number") {
      const result = normalize(batchOf(column), given);
      expect(result.update).toEqual([]);
      expect(cells(result)["c"]).toEqual(expected);
      return;
    }
    const error = caught(() => normalize(batchOf(column), given));
    expect(error.code).toBe("COLUMN_TYPE_DIFFERS");
    expect(error.context).toMatchObject({ schema: "src", table: "t", column: "c", row: 100 + expected });
    expect(error.context["stored"]).toMatch(new RegExp(`^${stored.dataType}`));
    expect(error.context["given"]).toMatch(new RegExp(`^${column.type.dataType}`));
    expect(error.message).toContain("`t.c`");
  });

  test("is not converted where only identical types go together", () => {
    const strict = newSchema("src");
    const schema = updateTable(
      {
        ...strict,
        normalizers: {
          ...strict.normalizers,
          json: { ...strict.normalizers.json, module: "dlt.common.normalizers.json.relational_no_coercion" },
        },
      },
      { name: "t", columns: new Map([["c", { name: "c", dataType: "double" }]]) },
    );
    expect(caught(() => normalizeWith(open({}, schema), batchOf(int("c", [1])))).code).toBe("COLUMN_TYPE_DIFFERS");
  });
});

describe("a column that an earlier batch of the package made", () => {
  const wider: readonly (readonly [string, Column, Column, Partial<ColumnSchema>])[] = [
    ["integers", int("c", [1], 32), int("c", [2 ** 40], 64), { precision: 64 }],
    [
      "decimals",
      decimalColumn("c", [1n], { scale: 1 }),
      decimalColumn("c", [12345n], { scale: 4 }),
      { precision: 38, scale: 1 },
    ],
    [
      "times",
      int64Column("c", [0n], { dataType: "timestamp", precision: 3 }),
      int64Column("c", [1n], { dataType: "timestamp" }),
      { precision: 6 },
    ],
  ];

  test("becomes wider: integers", () => {
    const [, first, second, change] = wider[0] ?? [];
    if (first === undefined || second === undefined) throw new Error("No case.");
    const session = open();
    const made = normalizeWith(session, batchOf(first));
    expect(made.widenable).toEqual([["t", "c"]]);
    const result = normalizeWith(session, batchOf(second));
    expect(added(result)).toMatchObject([{ name: "c", ...change }]);
    // Another session that is told of it does the same.
    const known = applyUpdate(newSchema("src"), made.update);
    const other = normalizeWith(open({ run: { widenable: made.widenable ?? [] } }, known), batchOf(second));
    expect(other.update).toEqual(result.update);
    expect(caught(() => normalizeWith(open({}, known), batchOf(second))).code).toBe("COLUMN_TYPE_DIFFERS");
  });

  test("becomes wider: times", () => {
    const [, first, second, change] = wider[2] ?? [];
    if (first === undefined || second === undefined) throw new Error("No case.");
    const session = open();
    normalizeWith(session, batchOf(first));
    expect(added(normalizeWith(session, batchOf(second)))).toMatchObject([{ name: "c", ...change }]);
  });

  test("becomes wider: decimals, as far as 38 digits go", () => {
    const decimal = (unscaled: bigint, precision: number, scale: number): Column => ({
      ...decimalColumn("c", [unscaled], { scale }),
      type: { dataType: "decimal", precision, scale },
    });
    const session = open();
    normalizeWith(session, batchOf(decimal(15n, 5, 1)));
    expect(added(normalizeWith(session, batchOf(decimal(12345n, 8, 4))))).toMatchObject([{ precision: 8, scale: 4 }]);
    expect(cells(normalizeWith(session, batchOf(decimal(15n, 5, 1))))["c"]).toEqual(["1.5000"]);
    expect(caught(() => normalizeWith(session, batchOf(decimal(10n ** 37n, 38, 0)))).code).toBe("COLUMN_TYPE_DIFFERS");
  });

  test("stays narrow while the values fit", () => {
    const session = open();
    normalizeWith(session, batchOf(int("c", [1], 32)));
    expect(normalizeWith(session, batchOf(int("c", [5], 64))).update).toEqual([]);
  });

  test("keeps its data type", () => {
    const session = open();
    normalizeWith(session, batchOf(int("c", [1])));
    expect(cells(normalizeWith(session, batchOf(doubleColumn("c", [2]))))["c"]).toEqual([2]);
    expect(caught(() => normalizeWith(session, batchOf(doubleColumn("c", [2.5])))).code).toBe("COLUMN_TYPE_DIFFERS");
  });
});

describe("contracts", () => {
  const known = { columns: [{ name: "a", dataType: "bigint" as DataType, precision: 16, nullable: true }] };
  const contract = (schemaContract: PartialTable["schemaContract"]): Given => ({
    ...known,
    table: {
      columns: new Map(known.columns.map((column) => [column.name, column])),
      schemaContract: schemaContract ?? null,
    },
  });

  test("freeze refuses a new column, with its place", () => {
    const error = caught(() => normalize(batchOf(int("a", [1]), int("b", [1])), contract({ columns: "freeze" })));
    expect(error.name).toBe("SchemaContractError");
    expect(error.context).toMatchObject({ table: "t", column: "b", entity: "columns", mode: "freeze", row: 100 });
  });

  test("discard_value leaves a new column out", () => {
    const result = normalize(batchOf(int("a", [1]), int("b", [1])), contract({ columns: "discard_value" }));
    expect(result.update).toEqual([]);
    expect(cells(result)).toEqual({ a: [1] });
  });

  test("discard_row leaves out the rows that have a value in a new column", () => {
    const b = dictionaryColumn(textColumn("b", [null, "x"]), [0, 1, null, 0]);
    const result = normalize(batchOf(int("a", [1, 2, 3, 4]), b), contract({ columns: "discard_row" }));
    expect(cells(result)).toEqual({ a: [1, 3, 4] });
    expect(result.rowCounts).toEqual({ t: 3 });
  });

  test("each batch is held against it anew", () => {
    const session = open(contract({ columns: "discard_value" }));
    normalizeWith(session, batchOf(int("b", [1])));
    expect(cells(normalizeWith(session, batchOf(int("a", [2]), int("b", [2]))))).toEqual({ a: [2] });
  });

  test("a new table may be refused as a whole", () => {
    const result = normalize(batchOf(int("a", [1])), { table: { schemaContract: { tables: "discard_row" } } });
    expect(result.batch).toBeUndefined();
    expect(result.update).toEqual([]);
    expect(
      caught(() => normalize(batchOf(int("a", [1])), { table: { schemaContract: { tables: "freeze" } } })).context,
    ).toMatchObject({ entity: "tables" });
  });

  test("the types of a column are its matter where they do not fit", () => {
    const large = batchOf(int("a", [1, 40_000]), int("b", [5, 6]));
    expect(caught(() => normalize(large, contract({ dataType: "freeze" }))).context).toMatchObject({
      column: "a",
      entity: "dataType",
      mode: "freeze",
    });
    expect(cells(normalize(large, contract({ dataType: "discard_value" })))).toEqual({ b: [5, 6] });
    expect(
      cells(normalize(batchOf(int("a", [null, 40_000]), int("b", [5, 6])), contract({ dataType: "discard_row" }))),
    ).toEqual({ b: [5] });
    expect(cells(normalize(batchOf(int("a", [1, 2])), contract({ dataType: "freeze" })))).toEqual({ a: [1, 2] });
    expect(cells(normalize(batchOf(textColumn("a", ["7"])), contract({ dataType: "freeze" })))).toEqual({ a: [7] });
  });
});

describe("columns of the library", () => {
  const links = [
    { name: "_dlt_load_id", dataType: "text" as const, nullable: false },
    { name: "_dlt_id", dataType: "text" as const, nullable: false, unique: true, rowKey: true },
  ];

  test("are not added by themselves", () => {
    expect(Object.keys(cells(normalize(batchOf(int("a", [1])))))).toEqual(["a"]);
  });

  test("come where the table has them", () => {
    const result = cells(normalize(batchOf(int("a", [1, 2])), { columns: links }));
    expect(result["_dlt_load_id"]).toEqual([run.loadId, run.loadId]);
    expect(result["_dlt_id"]).toEqual([expect.stringMatching(/^.{14}$/), expect.stringMatching(/^.{14}$/)]);
    expect(new Set(result["_dlt_id"]).size).toBe(2);
  });

  test("come where the run asks for them", () => {
    const both = normalize(batchOf(int("a", [1])), { run: { columnLinks: { loadId: true, id: true } } });
    expect(added(both)).toEqual([
      { name: "a", dataType: "bigint", nullable: true },
      { name: "_dlt_load_id", dataType: "text", nullable: false, precision: 64 },
      { name: "_dlt_id", dataType: "text", nullable: false, precision: 64, unique: true, rowKey: true },
    ]);
    const one = normalize(batchOf(int("a", [1])), { run: { columnLinks: { loadId: true, id: false } } });
    expect(Object.keys(cells(one))).toEqual(["a", "_dlt_load_id"]);
  });

  test("ids of the batch are kept, its load ids are not", () => {
    const given = batchOf(textColumn("_dlt_id", ["x"]), textColumn("_dlt_load_id", ["old"]));
    expect(cells(normalize(given, { columns: links }))).toEqual({ _dlt_id: ["x"], _dlt_load_id: [run.loadId] });
    expect(cells(normalize(given))).toEqual({ _dlt_id: ["x"], _dlt_load_id: ["old"] });
  });
});

/** Types of which rows and columns know the same. Objects would become columns of their own. */
const commonTypes: readonly DataType[] = ["double", "bool", "timestamp", "bigint", "binary", "decimal", "date", "time"];

describe("rows and columns", () => {
  test("make the same table", () => {
    fc.assert(
      fc.property(anyBatch({ types: commonTypes }), (drawn) => {
        const batch = {
          ...drawn,
          columns: drawn.columns
            .map((column, index) => retyped({ ...column, name: `c${index}` }))
            .filter((column) => comesAsRows(column, drawn.rowCount)),
        };
        const given = { run: { columnLinks: { loadId: true, id: true } } };
        const jsonText = encodeRows(rowsOfBatch(batch, { plain: false }));
        let byRows: Outcome;
        try {
          byRows = normalizeWith(open(given), { jsonText, framing: "lines" });
        } catch (error) {
          // Decimals of more digits than the default has.
          expect(isDltError(error) && error.code).toBe("COLUMN_VALUE_OUT_OF_RANGE");
          return;
        }
        const byColumns = normalizeWith(open(given), batch);
        if (batch.columns.length === 0) return;
        expect(sorted(cells(byColumns))).toEqual(sorted(cells(byRows)));
        const typesOf = (outcome: Outcome) =>
          Object.fromEntries(added(outcome).map((column) => [column["name"], column["dataType"]]));
        expect(sorted(typesOf(byColumns))).toEqual(sorted(typesOf(byRows)));
      }),
      { numRuns: 300 },
    );
  });
});

function sorted(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A column of nothing but nulls makes none from rows, empty bytes arrive there as empty text, infinities as null, integers beyond 64 bits do not. */
function comesAsRows(column: Column, rowCount: number): boolean {
  const values = Array.from({ length: rowCount }, (_, row) => readValue(column, row));
  const isLost = (value: unknown): boolean =>
    value instanceof Uint8Array
      ? value.length === 0
      : typeof value === "number"
        ? !Number.isFinite(value)
        : typeof value === "bigint" && BigInt.asIntN(64, value) !== value;
  return values.some((value) => value !== null) && !values.some(isLost);
}

/** Rows know no naive timestamps in columns of UTC, and decimals of the default precision only. */
function retyped(column: Column): Column {
  const { dataType } = column.type;
  const type =
    dataType === "decimal"
      ? { dataType, precision: 38, scale: 9 }
      : dataType === "timestamp"
        ? { dataType }
        : column.type;
  return column.layout === "dictionary"
    ? { ...column, type, values: retyped(column.values) }
    : column.layout === "decimal128"
      ? { ...column, type, scale: 9 }
      : { ...column, type };
}
