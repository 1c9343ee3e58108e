import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchRows } from "../../test/batch-rows.js";
import { testRun as run } from "../../test/normalize-run.js";
import type { ChunkResult, NormalizerSession, RawChunk } from "../contract/normalizer.js";
import type { Schema } from "../contract/schema.js";
import { encodeRows } from "../json/encode-rows.js";
import { formatSchema } from "../schema/format-schema.js";
import { newSchema } from "../schema/new-schema.js";
import { applyUpdate } from "../schema/update-table.js";
import { CalendarDate } from "../values/calendar-date.js";
import { Decimal } from "../values/decimal.js";
import { relationalNormalizer } from "./session.js";

function chunkOf(rows: readonly unknown[], chunk: Partial<RawChunk> = {}): RawChunk {
  return {
    index: 0,
    table: "items",
    numbers: "objects",
    firstRow: 0,
    data: { jsonText: encodeRows(rows), framing: "lines" },
    ...chunk,
  };
}

/** A result with the rows of its tables. */
interface Outcome extends ChunkResult {
  readonly rows: Readonly<Record<string, readonly Record<string, unknown>[]>>;
}

function normalizeWith(session: NormalizerSession, chunk: RawChunk): Outcome {
  const rows: Record<string, Record<string, unknown>[]> = {};
  const result = session.normalize(chunk, ({ table, batch }) => {
    rows[table] = [...(rows[table] ?? []), ...batchRows(batch)];
  });
  return { ...result, rows };
}

function normalize(rows: readonly unknown[], chunk?: Partial<RawChunk>): Outcome {
  return normalizeWith(relationalNormalizer.open(formatSchema(newSchema("src")), run), chunkOf(rows, chunk));
}

function columnsOf({ update }: ChunkResult): Record<string, string[]> {
  const columns: Record<string, string[]> = {};
  for (const table of update) {
    for (const { name, dataType } of table.columns.values())
      columns[table.name] = [...(columns[table.name] ?? []), `${name} ${dataType}`];
  }
  return columns;
}

const rootLinks = ["_dlt_load_id text", "_dlt_id text"];
const nestedLinks = ["_dlt_parent_id text", "_dlt_list_idx bigint", "_dlt_id text"];

describe("flattening", () => {
  it("makes columns of nested objects and tables of lists", () => {
    const result = normalize([
      {
        Id: 7,
        Customer: { FullName: "Ann Lee", address: { "zip-code": "00-950" } },
        tags: ["a", "b"],
        Orders: [
          { no: 1, Lines: [{ sku: "x", qty: 2 }, { sku: "y" }] },
          { no: 2, Lines: [] },
        ],
        empty: {},
        nothing: null,
        _dlt_id: "ROOT0000000001",
      },
    ]);
    expect(columnsOf(result)).toEqual({
      items: [
        "id bigint",
        "_dlt_id text",
        "customer__full_name text",
        "customer__address__zip_code text",
        "_dlt_load_id text",
      ],
      items__tags: ["value text", ...nestedLinks],
      items__orders: ["no bigint", ...nestedLinks],
      items__orders__lines: ["sku text", "qty bigint", ...nestedLinks],
    });
    const { rows } = result;
    expect(rows["items__orders"]?.[0]).toMatchObject({ no: 1n, _dlt_parent_id: "ROOT0000000001", _dlt_list_idx: 0n });
    expect(rows["items__orders__lines"]).toHaveLength(2);
    expect(result.nullOnly).toEqual([["items", "nothing"]]);
  });

  it("links rows by the hash of parent, table and place", () => {
    const { rows } = normalize([{ _dlt_id: "ROOT0000000001", Orders: [{ no: 1 }, { no: 2 }] }], { table: "people" });
    expect(rows["people__orders"]?.map((row) => row["_dlt_id"])).toEqual(["xTSvinxKWnSqNw", "Cpq4ZrDHruAdwg"]);
  });

  it("makes the ids of rows below from the parent's id, whatever ids the rows before it brought", () => {
    const parents = ["a", "longer than the ids that are made", "bb", "cc"];
    const idsBelow = (ids: readonly string[]) => {
      const { rows } = normalize(
        ids.map((id) => ({ _dlt_id: id, tags: [1, 2] })),
        { table: "people" },
      );
      expect(rows["people"]?.map((row) => row["_dlt_id"])).toEqual(ids);
      return rows["people__tags"]?.map((row) => row["_dlt_id"]) ?? [];
    };
    expect(idsBelow(parents)).toEqual(parents.flatMap((id) => idsBelow([id])));
  });

  it("takes the last nested object first, and all scalars before", () => {
    const result = normalize([{ a: { x: 1, n: { q: 1 } }, b: 2, c: { y: 1 } }]);
    expect(columnsOf(result)).toEqual({
      items: ["b bigint", "c__y bigint", "a__x bigint", "a__n__q bigint", ...rootLinks],
    });
  });

  it("keeps lists of lists apart, with rows for what is empty or null", () => {
    const result = normalize([{ _dlt_id: "ROOT0000000001", m: [[1, 2], [], [{ k: 1 }], null, "s"] }], {
      table: "grid",
    });
    const { rows } = result;
    expect(rows["grid__m"]?.map((row) => [row["_dlt_list_idx"], row["_dlt_id"], row["value"]])).toEqual([
      [0n, "caDEqQqVoUe0NA", undefined],
      [1n, "fsoKdPWOq4oTAQ", undefined],
      [2n, "K4CVg7ItAa1snA", undefined],
      [3n, "rkwFX9qN9S6QuA", undefined],
      [4n, "bZplRUEwmicF9A", "s"],
    ]);
    expect(
      rows["grid__m__list"]?.map((row) => [row["value"], row["k"], row["_dlt_parent_id"], row["_dlt_id"]]),
    ).toEqual([
      [1n, undefined, "caDEqQqVoUe0NA", "qUbaGUsaWXT5qA"],
      [2n, undefined, "caDEqQqVoUe0NA", "Q6qFkxQVYrZhXA"],
      [undefined, 1n, "K4CVg7ItAa1snA", "GvtwvWWlM3HOjA"],
    ]);
  });

  it("lets a nested value win over a flat key of the same name", () => {
    expect(
      normalize([
        { a: { b: 1 }, a__b: 2 },
        { a: { b: 3 }, a__b: 4 },
      ]).rows["items"]?.map((row) => row["a__b"]),
    ).toEqual([1n, 3n]);
  });
});

describe("types", () => {
  it("moves values that do not fit into variant columns", () => {
    const result = normalize(
      [
        { v: 1n, s: "x", n: null },
        { v: "abc", s: 1n },
        { v: 1.5 },
        { v: "12" },
        { v: { q: 1n } },
        { v: [1n, 2n] },
        { v: true },
        { s: true, n: 2n },
        { v: new Decimal("2.5") },
        { v: new Decimal("2") },
        { v: "2024-01-01T00:00:00Z" },
        { v: CalendarDate.of(2024, 1, 1) },
      ],
      { numbers: "text" },
    );
    expect(columnsOf(result)).toEqual({
      items: [
        "v bigint",
        "s text",
        ...rootLinks,
        "v__v_text text",
        "v__v_double double",
        "v__q bigint",
        "v__v_bool bool",
        "n bigint",
        "v__v_decimal decimal",
        "v__v_date date",
      ],
      items__v: ["value bigint", ...nestedLinks],
    });
    const rows = result.rows["items"] ?? [];
    expect(rows.map(({ v, s, v__v_text: text }) => [v, s, text])).toEqual([
      [1n, "x", undefined],
      [undefined, "1", "abc"],
      [undefined, undefined, undefined],
      [12n, undefined, undefined],
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
      [undefined, "True", undefined],
      [undefined, undefined, undefined],
      [2n, undefined, undefined],
      [undefined, undefined, "2024-01-01T00:00:00Z"],
      [undefined, undefined, undefined],
    ]);
  });

  it("keeps numbers that a column of numbers cannot hold exactly, in a batch whose column is text", () => {
    const session = relationalNormalizer.open(formatSchema(newSchema("src")), run);
    const layouts: string[] = [];
    const numbersOf = (rows: readonly unknown[]): unknown[] => {
      const found: unknown[] = [];
      session.normalize(chunkOf(rows, { numbers: "text" }), ({ batch }) => {
        layouts.push(batch.columns.find(({ name }) => name === "n")?.layout ?? "none");
        found.push(...batchRows(batch).map(({ n }) => n));
      });
      return found;
    };
    expect(numbersOf([{ n: -5 }, {}, { n: 2n ** 63n }, { n: 7 }, { n: "8" }, { n: 2n ** 64n - 1n }])).toEqual([
      -5n,
      undefined,
      2n ** 63n,
      7n,
      8n,
      2n ** 64n - 1n,
    ]);
    expect(numbersOf([{ n: 1 }, { n: 2n ** 63n - 1n }])).toEqual([1n, 2n ** 63n - 1n]);
    expect(layouts).toEqual(["bytes", "fixed"]);
  });

  it.each(["1.0000000001", "1e29", "NaN", "-Infinity"])("keeps the decimal %s", (long) => {
    const session = relationalNormalizer.open(formatSchema(newSchema("src")), run);
    const found: unknown[] = [];
    for (const rows of [
      [{ n: new Decimal("1.5") }, {}, { n: new Decimal(long) }],
      [{ n: new Decimal("2.5000000000") }],
    ]) {
      session.normalize(chunkOf(rows), ({ batch }) => {
        found.push(batch.columns.find(({ name }) => name === "n")?.layout, ...batchRows(batch).map(({ n }) => n));
      });
    }
    expect(found).toEqual(["bytes", "1.500000000", undefined, String(new Decimal(long)), "decimal128", 2_500_000_000n]);
  });

  it("reads date-times as instants", () => {
    const rows = normalize([
      { t: "2024-01-02T03:04:05Z" },
      { t: "2024-01-02 05:04:05.5+02:00" },
      { t: 1704164645n },
      { t: "2024-01-02" },
    ]).rows["items"];
    expect(rows?.map(({ t }) => t)).toEqual([
      1704164645000000n,
      1704164645500000n,
      1704164645000000n,
      1704153600000000n,
    ]);
  });

  it("asks for a double column when a fraction follows integral JavaScript numbers", () => {
    const first = normalize([{ price: 10 }, { price: 9.99 }]);
    expect(first.becameDouble).toEqual([["items", "price"]]);
    const session = relationalNormalizer.open(formatSchema(newSchema("src")), { ...run, doubles: first.becameDouble });
    const again = normalizeWith(session, chunkOf([{ price: 10 }, { price: 9.99 }]));
    expect(columnsOf(again)).toEqual({ items: ["price double", ...rootLinks] });
    expect(again.rows["items"]?.map(({ price }) => price)).toEqual([10, 9.99]);
  });

  it("says where JSON text is broken, and nothing of what it holds", () => {
    const jsonText = new TextEncoder().encode('{"a":1}\n{"a":2}\n{"a":tru secret}\n');
    expect(() => normalize([], { data: { jsonText, framing: "lines" }, firstRow: 100 })).toThrowError(
      expect.objectContaining({
        code: "ROW_TEXT_INVALID",
        message: expect.not.stringContaining("secret"),
        context: { table: "items", row: 102 },
      }),
    );
  });
});

/** Rows with few keys and all kinds of values, so that shapes repeat, vary and collide. */
const anyRow = fc.letrec((tie) => ({
  object: fc.dictionary(fc.constantFrom("a", "b", "C", "c", "list", "value", "", "a b", "ä", "x__y"), tie("value"), {
    maxKeys: 5,
    noNullPrototype: true,
  }),
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -1,
      5,
      1.5,
      -0.25,
      1e21,
      "",
      "x",
      "1",
      "true",
      "2024-01-02T03:04:05Z",
      'é\n"',
      "\ud800",
      2n ** 60n,
    ),
    fc.constantFrom<unknown>(new Decimal("1.10"), CalendarDate.of(2024, 1, 2), Uint8Array.of(1, 2), new Date(0)),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
})).object;

/** Tables with links turned into positions, so that results of other chunks compare. */
function comparable(results: readonly Outcome[]): Record<string, unknown[]> {
  const tables: Record<string, unknown[]> = {};
  for (const result of results) {
    const positions = new Map<unknown, string>();
    for (const [table, added] of Object.entries(result.rows)) {
      const rows = tables[table] ?? [];
      tables[table] = rows;
      for (const { _dlt_id: id, _dlt_parent_id: parent, ...row } of added) {
        positions.set(id, `${table} ${rows.length}`);
        rows.push({ ...row, parent: positions.get(parent) });
      }
    }
  }
  return tables;
}

describe("the two ways of a row", () => {
  it("give the same rows and the same schema", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 12 }), (rows) => {
        let start: Schema = newSchema("src");
        const oneByOne: Outcome[] = [];
        try {
          for (const row of rows) {
            // A session that knows no shape takes its first row by the general rules.
            const result = normalizeWith(
              relationalNormalizer.open(formatSchema(start), run),
              chunkOf([row], { numbers: "text" }),
            );
            oneByOne.push(result);
            start = applyUpdate(start, result.update);
          }
        } catch (error) {
          expect(() => normalize(rows, { numbers: "text" })).toThrowError(
            expect.objectContaining({ code: (error as { code: string }).code }),
          );
          return;
        }
        const session = relationalNormalizer.open(formatSchema(newSchema("src")), run);
        const together = normalizeWith(session, chunkOf(rows, { numbers: "text" }));
        expect(comparable([together])).toEqual(comparable(oneByOne));
        expect(formatSchema(applyUpdate(newSchema("src"), together.update))).toBe(formatSchema(start));
        // Every shape is known to the session by now.
        const again = normalizeWith(session, chunkOf(rows, { numbers: "text" }));
        expect(again.update).toEqual([]);
        expect(comparable([again])).toEqual(comparable(oneByOne));
      }),
      { numRuns: Number(process.env["DLT_TEST_RUNS"] ?? 200) },
    );
  });
});
