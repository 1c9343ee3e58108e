import { readFileSync } from "node:fs";
import {
  CalendarDate,
  type ColumnBatch,
  Decimal,
  destination,
  Float,
  type LoadRow,
  TimeOfDay,
  Timestamp,
  Wei,
} from "@dlt/core";
import { readValue } from "@dlt/core/engine";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { resource, source } from "../../src/index.js";
import { newMachine } from "../new-machine.js";
import { type Received, receiver } from "./receiver.js";

const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));
const idsOf = ({ items }: Received): readonly unknown[] => (items as LoadRow[]).map(({ id }) => id);

/** The rows of columns, as JavaScript alone has their values. */
function valuesOf({ rowCount, columns }: ColumnBatch): readonly unknown[] {
  return Array.from({ length: rowCount }, (_, row) =>
    Object.fromEntries(columns.map((column) => [column.name, readValue(column, row)])),
  );
}

describe("what a function gets", () => {
  test("rows in batches, across pages and up to the last ones", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const p = machine.pipeline({ destination: destination("sink", load, { batchSize: 4 })() });
    const info = await p.run(
      resource({ name: "users" }, function* () {
        yield rows(3);
        yield rows(7).slice(3);
        yield [{ id: 7 }, { id: 8 }];
      }),
    );
    expect(calls.map(idsOf)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7], [8]]);
    expect(info).toMatchObject({ destinationName: "sink", destinationType: "dlt.destinations.destination" });
    expect(info.loadPackages[0]?.jobs.completedJobs.map(({ tableName }) => tableName).sort()).toEqual([
      "_dlt_pipeline_state",
      "users",
    ]);
  });

  test("ten rows at a time when nothing else is said", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    await machine.pipeline({ destination: destination("sink", load)() }).run(rows(21), { tableName: "t" });
    expect(calls.map((call) => idsOf(call).length)).toEqual([10, 10, 1]);
  });

  test("values of their types, and null for every column without one", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const columns = {
      at: { dataType: "timestamp", timezone: false },
      price: { dataType: "decimal", precision: 5, scale: 2 },
      w: { dataType: "wei" },
    } as const;
    await machine.pipeline({ destination: destination("sink", load)() }).run(
      [
        {
          text: "a\nb",
          whole: 1,
          big: 2n ** 60n,
          double: 1.5,
          integral: new Float(2),
          yes: true,
          when: new Date("2024-01-02T03:04:05.678Z"),
          at: new Timestamp({ seconds: 1, microseconds: 5, offsetMinutes: null }),
          day: new CalendarDate(1),
          time: new TimeOfDay(600),
          price: new Decimal("1.10"),
          w: new Wei(10n ** 30n),
          bytes: Uint8Array.of(0xd3, 0x1c, 0),
          nested: { list: [1, { deep: 2n ** 60n }], none: null },
        },
        { text: "alone" },
      ],
      { tableName: "t", columns },
    );
    const [first, second] = calls.flatMap(({ items }) => items as LoadRow[]);
    expect(first).toEqual({
      text: "a\nb",
      whole: 1,
      big: 2n ** 60n,
      double: 1.5,
      integral: 2,
      yes: true,
      when: new Timestamp({ seconds: 1704164645, microseconds: 678000 }),
      at: new Timestamp({ seconds: 1, microseconds: 5, offsetMinutes: null }),
      day: new CalendarDate(1),
      time: new TimeOfDay(600),
      price: new Decimal("1.10"),
      w: new Wei(10n ** 30n),
      bytes: Uint8Array.of(0xd3, 0x1c, 0),
      nested: { list: [1, { deep: 2n ** 60n }], none: null },
    });
    expect(Object.keys(second ?? {})).toEqual([...(calls[0]?.table.columns.keys() ?? [])]);
    expect(second).toEqual({
      ...Object.fromEntries(Object.keys(first ?? {}).map((name) => [name, null])),
      text: "alone",
    });
  });

  test("names as they are, nested lists in their rows, nothing of dlt", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const shop = source({ name: "shop", maxTableNesting: 3 }, () => [
      resource({ name: "My Orders" }, () => [{ "Order Id": 1, Lines: [{ Sku: "a", tags: ["x"] }] }]),
    ]);
    await machine.pipeline({ destination: destination("sink", load)() }).run(shop());
    expect(calls.map(({ items, table }) => [table.name, [...table.columns.keys()], items])).toEqual([
      ["My Orders", ["Order Id", "Lines"], [{ "Order Id": 1, Lines: [{ Sku: "a", tags: ["x"] }] }]],
    ]);
  });

  test("lists as tables, where the resource asks for them", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const orders = resource({ name: "orders", maxTableNesting: 1 }, () => [{ id: 1, lines: [{ sku: "a" }] }]);
    await machine.pipeline({ destination: destination("sink", load)() }).run(orders);
    expect(calls.map(({ items, table }) => [table.name, items]).sort()).toEqual([
      ["orders", [{ id: 1 }]],
      ["orders▶lines", [{ sku: "a" }]],
    ]);
  });

  test("everything, where it is asked for", async () => {
    const machine = await newMachine();
    const { calls, load } = receiver();
    const sink = destination("sink", load, {
      skipDltColumnsAndTables: false,
      namingConvention: "snake_case",
      maxTableNesting: null,
    });
    await machine.pipeline({ destination: sink() }).run([{ Id: 1, tags: ["x"] }], { tableName: "Orders" });
    const byTable = new Map(calls.map(({ items, table }) => [table.name, (items as LoadRow[])[0]]));
    expect([...byTable.keys()].sort()).toEqual(["_dlt_pipeline_state", "orders", "orders__tags"]);
    expect(byTable.get("orders__tags")).toMatchObject({
      value: "x",
      _dlt_parent_id: byTable.get("orders")?.["_dlt_id"],
    });
    expect(byTable.get("orders")).toMatchObject({ id: 1, _dlt_load_id: calls[0]?.context.loadId });
  });

  test("columns, as many rows at a time as are asked for", async () => {
    const machine = await newMachine();
    const taken: ColumnBatch[] = [];
    const sink = destination("sink", (items) => void taken.push(items), {
      loaderFileFormat: "parquet",
      batchSize: 300,
    });
    const table = tableFromArrays({
      id: Int32Array.from({ length: 700 }, (_, id) => id),
      name: Array.from({ length: 700 }, (_, id) => (id % 3 === 0 ? null : `name ${id}`)),
    });
    await machine.pipeline({ destination: sink() }).run(table, { tableName: "t" });
    expect(taken.map(({ rowCount }) => rowCount)).toEqual([300, 300, 100]);
    expect(taken[0]?.columns.map(({ name, type }) => [name, type.dataType])).toEqual([
      ["id", "bigint"],
      ["name", "text"],
    ]);
    expect(taken.flatMap(valuesOf)).toEqual(
      Array.from({ length: 700 }, (_, id) => ({ id, name: id % 3 === 0 ? null : `name ${id}` })),
    );
  });

  test("columns of rows, with the types of the table", async () => {
    const machine = await newMachine();
    const taken: ColumnBatch[] = [];
    const sink = destination("sink", (items) => void taken.push(items), { loaderFileFormat: "parquet" });
    const at = new Timestamp({ seconds: 1 });
    await machine
      .pipeline({ destination: sink() })
      .run([{ id: 1, doc: [1, { a: 2 }], w: new Wei(7n), at, price: new Decimal("1.5"), missing: null }], {
        tableName: "t",
        columns: { missing: { dataType: "date" } },
      });
    const byName = new Map(taken[0]?.columns.map((column) => [column.name, column]));
    expect(byName.get("doc")?.type).toEqual({ dataType: "json" });
    expect(byName.get("w")?.type.dataType).toBe("wei");
    expect(taken.flatMap(valuesOf)).toEqual([
      { id: 1, doc: '[1,{"a":2}]', w: "7", at: `${at}`, price: "1.500000000", missing: null },
    ]);
  });

  test.each(["jsonl", "parquet"] as const)("the path of each file, %s", async (loaderFileFormat) => {
    const machine = await newMachine();
    const taken: [string, string, Buffer][] = [];
    const sink = destination("sink", (path, { name }) => void taken.push([name, path, readFileSync(path)]), {
      batchSize: 0,
      loaderFileFormat,
    });
    await machine.pipeline({ destination: sink() }).run(rows(3), { tableName: "t" });
    expect(taken.map(([name, path]) => [name, path.endsWith(`.${loaderFileFormat}`)])).toEqual([["t", true]]);
    expect(taken[0]?.[2].subarray(0, 4).toString()).toBe(loaderFileFormat === "parquet" ? "PAR1" : '{"id');
  });
});
