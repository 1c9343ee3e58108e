import type { DestinationClient, RejectRecord, RejectStore, TableSchema } from "@dlt/core";
import { rejectsTable } from "@dlt/core/engine";
import { resource } from "@dlt/pipeline";
import { expect } from "vitest";
import type { ConformanceArea, ConformanceTest } from "../conformance-test.js";
import { directLoad, loadIdOf, runJobs, runLoad } from "../direct-load.js";
import { pipelineName, type Trial } from "../trial.js";
import { users } from "./users.js";

const keeps: ConformanceTest = {
  name: "rejected rows are kept beside the others, with what they were",
  async run(trial) {
    await using pipeline = trial.pipeline({ rejects: "discarded" });
    await pipeline.run(orders(given));
    const { rejectedRows } = await pipeline.run(orders(later, strict));
    expect(rejectedRows).toBe(2);
    expect(await column(trial, "orders", "id")).toEqual(["1", "2", "3"]);
    const kept = (await trial.stored("_dlt_rejects")).map((row) =>
      ["table_name", "row_number", "path", "column_name", "code", "row_json"].map((name) => String(row[name])),
    );
    expect(kept.sort()).toEqual([
      ["orders", "1", "$", "note", "SCHEMA_CONTRACT_COLUMN", '{"id":4,"note":"é \\"new\\"","lines":[]}'],
      ["orders__lines", "0", "$.lines[1]", "price", "SCHEMA_CONTRACT_COLUMN", '{"sku":"d","price":"1.10"}'],
    ]);
  },
};

const replays: ConformanceTest = {
  name: "rejected rows are loaded once the contract lets them in, and only once",
  async run(trial) {
    await using pipeline = trial.pipeline({ rejects: "discarded" });
    await pipeline.run(orders(given));
    await pipeline.run(orders(later, strict));
    expect((await pipeline.replayRejects()).rejectedRows).toBe(2);
    const { rejectedRows, rowCounts } = await pipeline.replayRejects({ schemaContract: "evolve" });
    expect([rejectedRows, rowCounts]).toEqual([0, { orders: 1, orders__lines: 1 }]);
    expect((await pipeline.replayRejects()).isEmpty).toBe(true);
    expect(await column(trial, "orders", "id")).toEqual(["1", "2", "3", "4"]);
    expect(await column(trial, "orders__lines", "sku")).toEqual(["a", "b", "c", "d"]);
    const parents = new Set((await trial.stored("orders")).map((row) => row["_dlt_id"]));
    for (const line of await trial.stored("orders__lines")) expect(parents).toContain(line["_dlt_parent_id"]);
  },
};

const pages: ConformanceTest = {
  name: "rejected rows of completed loads are given in order, a part at a time",
  async run(trial) {
    const client = await trial.connect();
    for (const number of [1, 2]) await runLoad(client, await rejectingLoad(trial, number));
    const pending = await rejectingLoad(trial, 3);
    await client.prepare(pending.plan);
    await runJobs(client, pending);
    const store = storeOf(client);
    expect(await store.tables(pipelineName)).toEqual([
      { schemaName: "conformance", table: "users", lastLoadId: loadIdOf(2) },
    ]);
    expect(await store.tables("another")).toEqual([]);
    const all = [1, 2].flatMap((number) => recordsOf(number));
    for (const limit of [1, 2, 100]) expect(await readAll(store, limit), `by ${limit}`).toEqual(all);
  },
};

export const rejectedRows: ConformanceArea = {
  name: "rejected rows",
  isEssential: false,
  testsFor: (_, client) => [keeps, ...(client.state?.rejects === undefined ? [] : [replays, pages])],
};

const strict = { columns: "discard_row" } as const;
const given = [
  { id: 1, lines: [{ sku: "a" }] },
  { id: 2, lines: [{ sku: "b" }] },
];
const later = [
  { id: 3, lines: [{ sku: "c" }, { sku: "d", price: "1.10" }] },
  { id: 4, note: 'é "new"', lines: [] },
];

function orders(rows: readonly object[], schemaContract: "evolve" | typeof strict = "evolve") {
  return resource({ name: "orders", schemaContract }, () => rows);
}

async function column(trial: Trial, table: string, name: string): Promise<readonly string[]> {
  return (await trial.stored(table)).map((row) => String(row[name])).sort();
}

/** Rejects of a load: the order is that of numbers, not of their text. */
function recordsOf(number: number): readonly RejectRecord[] {
  return [2, 10].flatMap((rowNumber) =>
    ["a", "b"].map((id) => ({
      loadId: loadIdOf(number),
      rowNumber,
      id: `${id} ${number} ${rowNumber}`,
      path: "$",
      rowJson: `{"row":"${id}'\\"é"}`,
      originJson: null,
    })),
  );
}

async function rejectingLoad(trial: Trial, number: number) {
  const rows = recordsOf(number).map(({ loadId, rowNumber, id, path, rowJson }) => ({
    pipeline_name: pipelineName,
    schema_name: "conformance",
    table_name: "users",
    row_number: rowNumber,
    path,
    column_name: null,
    code: "SCHEMA_CONTRACT_COLUMN",
    reason: "a test",
    row_json: rowJson,
    origin_json: null,
    _dlt_load_id: loadId,
    _dlt_id: id,
  }));
  const table: TableSchema = rejectsTable;
  return await directLoad(trial, { number, tables: [users, table], files: [{ table: table.name, rows }] });
}

async function readAll(store: RejectStore, limit: number): Promise<readonly RejectRecord[]> {
  const read: RejectRecord[] = [];
  for (;;) {
    const { loadId = "", rowNumber = -1, id = "" } = read.at(-1) ?? {};
    const after = { loadId, rowNumber, id };
    const page = await store.rows({ pipelineName, schemaName: "conformance", table: "users", after, limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    if (page.length === 0) return read;
    read.push(...page);
    if (read.length > 100) throw new Error("Rows are given again and again.");
  }
}

function storeOf({ state }: DestinationClient): RejectStore {
  if (state?.rejects === undefined) throw new TypeError("The destination does not read rejected rows.");
  return state.rejects;
}
