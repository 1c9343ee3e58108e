import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchRows } from "../../../test/batch-rows.js";
import { int64Column, textColumn } from "../../../test/batches.js";
import { testRun as run } from "../../../test/normalize-run.js";
import type { RawChunk, RejectMode } from "../../contract/normalizer.js";
import type { PartialTable, Schema, SchemaContract } from "../../contract/schema.js";
import { encodeRows } from "../../json/encode-rows.js";
import { setSchemaContract } from "../../schema/change-settings.js";
import { formatSchema } from "../../schema/format-schema.js";
import { newSchema } from "../../schema/new-schema.js";
import { rejectsTable } from "../../schema/system-tables.js";
import { updateTable } from "../../schema/update-table.js";
import { Decimal } from "../../values/decimal.js";
import { relationalNormalizer } from "../session.js";
import { formatReplayedLine, parseNestedOrigin } from "./row-origin.js";

type Rows = Readonly<Record<string, readonly Record<string, unknown>[]>>;

function chunkOf(rows: readonly unknown[], chunk: Partial<RawChunk> = {}): RawChunk {
  const data = { jsonText: encodeRows(rows), framing: "lines" } as const;
  return { index: 0, table: "orders", numbers: "text", firstRow: 0, data, ...chunk };
}

/** The rows by table that chunks give with a schema that keeps rejects, and the schema afterwards. */
function normalize(start: Schema, chunks: readonly RawChunk[], rejects: RejectMode): { rows: Rows; schema: Schema } {
  let schema = updateTable(start, rejectsTable);
  const session = relationalNormalizer.open(formatSchema(schema), { ...run, rejects, pipelineName: "daily" });
  const rows: Record<string, Record<string, unknown>[]> = {};
  for (const chunk of chunks) {
    const { update } = session.normalize(chunk, ({ table, batch }) => {
      rows[table] = [...(rows[table] ?? []), ...batchRows(batch)];
    });
    for (const table of update) schema = updateTable(schema, table, { normalizeIdentifiers: false });
  }
  return { rows, schema };
}

function withContract(tables: readonly PartialTable[], contract: SchemaContract): Schema {
  return setSchemaContract(
    tables.reduce((schema, table) => updateTable(schema, table), newSchema("shop")),
    contract,
  );
}

const orders: PartialTable = {
  name: "orders",
  columns: new Map([
    ["id", { name: "id", dataType: "bigint" }],
    ["_dlt_load_id", { name: "_dlt_load_id", dataType: "text", nullable: false }],
    ["_dlt_id", { name: "_dlt_id", dataType: "text", nullable: false }],
  ]),
  writeDisposition: "append",
  resource: "orders",
};

const lines: PartialTable = {
  name: "orders__lines",
  parent: "orders",
  columns: new Map([["sku", { name: "sku", dataType: "text" }]]),
};

/** Rejected rows without the ids of the rejects themselves. */
function rejectsOf(rows: Rows): readonly Record<string, unknown>[] {
  return (rows["_dlt_rejects"] ?? []).map(({ _dlt_id: _, _dlt_load_id: __, ...rest }) => rest);
}

/** Chunks that replay rejects, one each. */
function replayOf(rows: Rows): readonly RawChunk[] {
  return (rows["_dlt_rejects"] ?? []).map((reject, index) => {
    const { table_name: table, row_number: rowNumber, path, row_json: json, origin_json: originText } = reject;
    const nested = originText === undefined ? null : parseNestedOrigin(String(originText));
    const line = formatReplayedLine(String(json), { rowNumber: Number(rowNumber), path: String(path), nested });
    const data = { jsonText: new TextEncoder().encode(line), framing: "lines" } as const;
    return { ...chunkOf([]), index, table: String(table), data, replay: { nested: nested?.place ?? null } };
  });
}

describe("rows that a contract discards", () => {
  const schema = withContract([orders, lines], { columns: "discard_row", dataType: "discard_row" });

  it("are kept with their reason, their path and what was given", () => {
    const { rows } = normalize(
      schema,
      [
        chunkOf(
          [
            { id: 1 },
            { id: 2, note: "new", price: new Decimal("1.10") },
            { id: 3, note: "again" },
            { id: "x", "unit price": 1 },
            { id: 5, lines: [{ sku: "a" }, { sku: "b", qty: 1, tags: ["t"] }] },
          ],
          { firstRow: 10 },
        ),
      ],
      "discarded",
    );
    expect(rows["orders"]?.map(({ id }) => id)).toEqual([1n, 5n]);
    expect(rejectsOf(rows)).toEqual([
      {
        pipeline_name: "daily",
        schema_name: "shop",
        table_name: "orders",
        row_number: 11n,
        path: "$",
        column_name: "note",
        code: "SCHEMA_CONTRACT_COLUMN",
        reason:
          "Table `orders`: column `note` (text) not found in the schema, and may not be added. The contract of schema `shop` is `columns: discard_row`, given in the settings of the schema.",
        row_json: '{"id":2,"note":"new","price":"\uf0261.10"}',
      },
      expect.objectContaining({ row_number: 12n, column_name: "note", code: "SCHEMA_CONTRACT_COLUMN" }),
      expect.objectContaining({
        row_number: 13n,
        column_name: "id__v_text",
        code: "SCHEMA_CONTRACT_DATA_TYPE",
        reason: expect.stringContaining(
          "a text does not fit column `id` (bigint), and the variant column `id__v_text` may not be added",
        ),
      }),
      expect.objectContaining({
        table_name: "orders__lines",
        row_number: 14n,
        path: "$.lines[1]",
        column_name: "qty",
        row_json: '{"sku":"b","qty":1,"tags":["t"]}',
      }),
    ]);
    expect(rows["_dlt_rejects"]?.every(({ _dlt_load_id: loadId }) => loadId === run.loadId)).toBe(true);
    expect(new Set(rows["_dlt_rejects"]?.map(({ _dlt_id: id }) => id)).size).toBe(4);
  });

  it("are gone unless they are asked for, and the other rows are the same", () => {
    const given = [chunkOf([{ id: 1 }, { id: 2, note: "new" }, { id: 3, lines: [{ qty: 1 }, { sku: "a" }] }])];
    const { _dlt_rejects: kept, ...others } = normalize(schema, given, "discarded").rows;
    expect(kept).toHaveLength(2);
    expect(normalize(schema, given, "none").rows).toEqual(others);
  });

  it("of a refused table are kept with what hangs below them", () => {
    const refusing = withContract([orders], { tables: "discard_value" });
    const { rows } = normalize(
      refusing,
      [
        chunkOf([
          { id: 1, lines: [{ sku: "a", tags: [1] }, [2, 3], "x"] },
          { id: 2, lines: [{ sku: "b" }] },
        ]),
      ],
      "discarded",
    );
    expect(Object.keys(rows)).toEqual(["orders", "_dlt_rejects"]);
    expect(rejectsOf(rows).map(({ table_name, path, code, row_json }) => [table_name, path, code, row_json])).toEqual([
      ["orders__lines", "$.lines[0]", "SCHEMA_CONTRACT_TABLE", '{"sku":"a","tags":[1]}'],
      ["orders__lines", "$.lines[1]", "SCHEMA_CONTRACT_TABLE", "[2,3]"],
      ["orders__lines", "$.lines[2]", "SCHEMA_CONTRACT_TABLE", '"x"'],
      ["orders__lines", "$.lines[0]", "SCHEMA_CONTRACT_TABLE", '{"sku":"b"}'],
    ]);
  });

  it("tell the keys of the data in their paths", () => {
    const refusing = withContract([orders], { tables: "discard_row" });
    const item = { id: 1, "the order": { "Line Items": [[{ a: 1 }]] } };
    const { rows } = normalize(refusing, [chunkOf([item])], "discarded");
    expect(rejectsOf(rows).map(({ path }) => path)).toEqual(['$["the order"]["Line Items"][0]']);
    const { rows: again } = normalize(
      withContract([orders, { ...lines, name: "orders__the_order__line_items" }], { tables: "discard_row" }),
      [chunkOf([item])],
      "discarded",
    );
    expect(rejectsOf(again).map(({ path }) => path)).toEqual(['$["the order"]["Line Items"][0][0]']);
  });

  it("come as columns", () => {
    const batch = {
      rowCount: 3,
      columns: [int64Column("id", [1n, 2n, 3n], { dataType: "bigint" }), textColumn("Note", ["a", null, "c"])],
    };
    const { rows } = normalize(schema, [{ ...chunkOf([]), firstRow: 5, data: batch }], "discarded");
    expect(rows["orders"]?.map(({ id }) => id)).toEqual([2n]);
    expect(rejectsOf(rows).map(({ row_number, column_name, row_json }) => [row_number, column_name, row_json])).toEqual(
      [
        [5n, "note", '{"id":1,"Note":"a"}'],
        [7n, "note", '{"id":3,"Note":"c"}'],
      ],
    );
  });
});

describe("rows that no column can take", () => {
  const schema = withContract(
    [
      orders,
      { name: "orders", columns: new Map([["due", { name: "due", dataType: "date", nullable: false }]]) },
      { ...lines, columns: new Map([["n", { name: "n", dataType: "bigint", nullable: false }]]) },
    ],
    "evolve",
  );
  const given = [
    { id: 1, due: "2026-01-01" },
    { id: 2, due: null },
    { id: 3, due: "2026-01-03", lines: [{ n: 1 }, { n: null }] },
    { id: 4, due: "2026-01-04" },
  ];

  it("end the run unless they are asked for", () => {
    expect(() => normalize(schema, [chunkOf(given)], "discarded")).toThrow("is not nullable");
  });

  it("are kept as a whole, and what they added is taken back", () => {
    const { rows } = normalize(schema, [chunkOf(given)], "failing");
    expect(rows["orders"]?.map(({ id }) => id)).toEqual([1n, 4n]);
    expect(rows["orders__lines"]).toBeUndefined();
    expect(
      rejectsOf(rows).map(({ row_number, path, code, column_name }) => [row_number, path, code, column_name]),
    ).toEqual([
      [1n, "$", "COLUMN_NULL_REFUSED", "due"],
      [2n, "$", "COLUMN_NULL_REFUSED", "n"],
    ]);
  });

  it("of columns are found among the others", () => {
    const ids = Array.from({ length: 100 }, (_, index) => BigInt(index));
    const due = ids.map((id) => (id === 17n || id === 63n ? "never" : "2026-01-01"));
    const batch = { rowCount: 100, columns: [int64Column("id", ids, { dataType: "bigint" }), textColumn("due", due)] };
    const { rows } = normalize(schema, [{ ...chunkOf([]), data: batch }], "failing");
    expect(rows["orders"]).toHaveLength(98);
    expect(new Set(rows["orders"]?.map(({ _dlt_id: id }) => id)).size).toBe(98);
    expect(rejectsOf(rows).map(({ row_number, code }) => [row_number, code])).toEqual([
      [17n, "COLUMN_TYPE_DIFFERS"],
      [63n, "COLUMN_TYPE_DIFFERS"],
    ]);
  });

  it("are those without a value that they have to have, whichever way they are read", () => {
    const rows = [
      { id: 1, due: "2026-01-01" },
      { id: 2, due: "2026-01-02", lines: [{ n: 1 }, { n: 2 }] },
      { id: 3 },
      { id: 4, due: "2026-01-04", lines: [{ n: 3 }, {}] },
      { id: 5, due: "2026-01-05", lines: [{ n: 4 }] },
    ];
    const { rows: loaded } = normalize(schema, [chunkOf(rows), chunkOf(rows, { index: 1 })], "failing");
    expect(loaded["orders"]?.map(({ id }) => id)).toEqual([1n, 2n, 5n, 1n, 2n, 5n]);
    expect(loaded["orders__lines"]?.map(({ n }) => n)).toEqual([1n, 2n, 4n, 1n, 2n, 4n]);
    expect(rejectsOf(loaded).map(({ row_number, column_name, code }) => [row_number, column_name, code])).toEqual([
      [2n, "due", "COLUMN_NULL_REFUSED"],
      [3n, "n", "COLUMN_NULL_REFUSED"],
      [2n, "due", "COLUMN_NULL_REFUSED"],
      [3n, "n", "COLUMN_NULL_REFUSED"],
    ]);
  });

  it("of columns do not make others be kept twice", () => {
    const strict = setSchemaContract(schema, { columns: "discard_row" });
    const batch = {
      rowCount: 4,
      columns: [
        int64Column("id", [1n, 2n, 3n, 4n], { dataType: "bigint" }),
        textColumn("due", ["2026-01-01", "2026-01-02", null, "2026-01-04"]),
        textColumn("note", ["new", null, null, "new"]),
      ],
    };
    const { rows } = normalize(strict, [{ ...chunkOf([]), data: batch }], "failing");
    expect(rows["orders"]?.map(({ id }) => id)).toEqual([2n]);
    expect(rejectsOf(rows).map(({ row_number, code }) => [row_number, code])).toEqual([
      [0n, "SCHEMA_CONTRACT_COLUMN"],
      [2n, "COLUMN_NULL_REFUSED"],
      [3n, "SCHEMA_CONTRACT_COLUMN"],
    ]);
  });

  it("are those with a number that its column is too small for, whichever way they are read", () => {
    const narrow = withContract(
      [
        orders,
        {
          name: "orders",
          columns: new Map([
            ["small", { name: "small", dataType: "bigint", precision: 8 }],
            ["price", { name: "price", dataType: "decimal", precision: 4, scale: 2 }],
          ]),
        },
      ],
      "evolve",
    );
    const rows = [
      { id: 1, small: 1, price: new Decimal("1.50") },
      { id: 2, small: 128, price: null },
      { id: 3, small: 2, price: new Decimal("1.234") },
      { id: 4, small: -128, price: new Decimal("100") },
      { id: 5, small: 5, price: new Decimal("9.99") },
    ];
    const { rows: given } = normalize(narrow, [chunkOf(rows)], "failing");
    expect(given["orders"]?.map(({ id }) => id)).toEqual([1n, 5n]);
    expect(rejectsOf(given).map(({ row_number, column_name, code }) => [row_number, column_name, code])).toEqual([
      [1n, "small", "COLUMN_VALUE_OUT_OF_RANGE"],
      [2n, "price", "COLUMN_VALUE_OUT_OF_RANGE"],
      [3n, "price", "COLUMN_VALUE_OUT_OF_RANGE"],
    ]);
    expect(rejectsOf(given)[0]?.["reason"]).toContain("8 bits");
  });

  it("are not those of a frozen contract", () => {
    const frozen = setSchemaContract(schema, { columns: "freeze" });
    expect(() => normalize(frozen, [chunkOf([{ id: 1, more: 1 }])], "failing")).toThrow("may not be added");
  });
});

describe("replaying", () => {
  it("loads rows where they would have been", () => {
    // Keys have one type each, so that the order of rows does not matter to the schema.
    const scalars = { name: fc.constantFrom("a", "b"), more: fc.constantFrom("c"), count: fc.nat(9) };
    const leaf = fc.record(scalars, { requiredKeys: [] });
    const line = fc.record({ ...scalars, parts: fc.array(leaf, { maxLength: 3 }) }, { requiredKeys: [] });
    const order = fc.record(
      {
        ...scalars,
        info: leaf,
        lines: fc.array(line, { maxLength: 3 }),
        pairs: fc.array(fc.array(leaf, { maxLength: 2 }), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    );
    const mode = fc.constantFrom("evolve" as const, "discard_row" as const);
    const known = fc.subarray(["name", "more", "count"]);
    fc.assert(
      fc.property(
        fc.array(order, { maxLength: 6 }),
        fc.record({ tables: mode, columns: mode }),
        known,
        fc.boolean(),
        (given, contract, columns, propagates) => {
          const typed = columns.map(
            (name) => [name, { name, dataType: name === "count" ? "bigint" : "text" }] as const,
          );
          const tables: PartialTable[] = [
            { ...orders, columns: new Map([...orders.columns, ...typed]) },
            { ...lines, columns: new Map(typed) },
          ];
          const evolving = withContract(tables, "evolve");
          const start: Schema = propagates
            ? {
                ...evolving,
                normalizers: {
                  ...evolving.normalizers,
                  json: {
                    ...evolving.normalizers.json,
                    config: { propagation: { root: { _dlt_id: "_dlt_root_id", name: "order_name" } } },
                  },
                },
              }
            : evolving;
          const items = given.map((item, index) => ({ _dlt_id: `order${index}`, id: index, ...item }));
          const expected = normalize(start, [chunkOf(items)], "none").rows;
          const first = normalize(setSchemaContract(start, contract), [chunkOf(items)], "discarded");
          const second = normalize(setSchemaContract(first.schema, "evolve"), replayOf(first.rows), "discarded");
          const { _dlt_rejects: _, ...loaded } = first.rows;
          expect(sorted([loaded, second.rows])).toEqual(sorted([expected]));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("keeps what is rejected again, with where it came from", () => {
    const schema = withContract([orders, lines], { columns: "discard_row" });
    const first = normalize(
      schema,
      [chunkOf([{ id: 1, lines: [{ sku: "a" }, { qty: 2 }] }], { firstRow: 4 })],
      "discarded",
    );
    const second = normalize(schema, replayOf(first.rows), "discarded");
    expect(rejectsOf(second.rows)).toEqual(rejectsOf(first.rows));
  });

  it("tells the whole path of what is rejected below a row that is loaded", () => {
    const tags: PartialTable = {
      name: "orders__lines__tags",
      parent: "orders__lines",
      columns: new Map([["t", { name: "t", dataType: "text" }]]),
    };
    const schema = withContract([orders, lines, tags], { columns: "discard_row" });
    const item = { id: 1, lines: [{ sku: "a" }, { qty: 2, tags: [{ t: "x" }, { z: 1 }] }] };
    const first = normalize(schema, [chunkOf([item])], "discarded");
    const mended = updateTable(first.schema, {
      ...lines,
      columns: new Map([["qty", { name: "qty", dataType: "bigint" }]]),
    });
    const second = normalize(mended, replayOf(first.rows), "discarded");
    expect(rejectsOf(second.rows).map(({ path }) => path)).toEqual(["$.lines[1].tags[1]"]);
  });

  it("refuses a line that does not say where it came from", () => {
    const chunk = { ...chunkOf([{ id: 1 }]), replay: { nested: null } };
    expect(() => normalize(newSchema("shop"), [chunk], "discarded")).toThrow(
      expect.objectContaining({
        code: "INTERNAL_STATE_UNEXPECTED",
        message: expect.stringContaining("does not tell where"),
      }),
    );
  });
});

/** All rows by table as sorted text, without load ids. */
function sorted(given: readonly Rows[]): Record<string, readonly string[]> {
  const texts: Record<string, string[]> = {};
  for (const [table, rows] of given.flatMap((byTable) => Object.entries(byTable))) {
    for (const { _dlt_load_id: _, ...row } of rows) {
      const entries = Object.entries(row).map(([key, value]) => `${key}=${value}`);
      texts[table] = [...(texts[table] ?? []), entries.sort().join(" ")];
    }
  }
  return Object.fromEntries(
    Object.entries(texts)
      .map(([table, rows]) => [table, rows.sort()] as const)
      .sort(),
  );
}
