/**
 * What rows can come in. The same three rows are given as arrays, generators, promises, streams and columns: to `run` itself, and
 * by the function of a resource. Each way fills a table of its own, and all tables hold the same.
 */
import { strict as assert } from "node:assert";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { duckdb } from "@dlt/destination-duckdb";
import { type ColumnBatch, pipeline, type RunData, resource } from "@dlt/pipeline";
import { RecordBatchReader, tableFromArrays, tableToIPC } from "apache-arrow";

const rows = [
  { id: 1, city: "Oslo" },
  { id: 2, city: "Lima" },
  { id: 3, city: "Cairo" },
];
const pages = [rows.slice(0, 2), rows.slice(2)]; // rows that come many at a time, as from an API
const columns = tableFromArrays({ id: Int32Array.of(1, 2, 3), city: ["Oslo", "Lima", "Cairo"] });

function* rowByRow() {
  yield* rows;
}
async function* pageByPage() {
  for (const page of pages) yield page; // one `await` for a page, however many rows are in it
}
/** Anything that has `Symbol.iterator` or `Symbol.asyncIterator` will do. */
const own = { [Symbol.iterator]: rowByRow };
const ownAsync = { [Symbol.asyncIterator]: pageByPage };
/** Columns by hand, for connectors that make them: as in Arrow, texts are one buffer and the offsets at which they begin and end. */
const batch: ColumnBatch = {
  rowCount: 3,
  columns: [
    {
      name: "id",
      type: { dataType: "bigint" },
      validity: null,
      layout: "fixed",
      values: BigInt64Array.of(1n, 2n, 3n),
    },
    {
      name: "city",
      type: { dataType: "text" },
      validity: null,
      layout: "bytes",
      offsets: Int32Array.of(0, 4, 8, 13),
      data: new TextEncoder().encode("OsloLimaCairo"),
    },
  ],
};

const ways: Readonly<Record<string, () => RunData>> = {
  array: () => rows,
  arrayOfPages: () => pages,
  set: () => new Set(rows),
  iterable: () => own,
  generator: () => rowByRow(),
  asyncIterable: () => ownAsync,
  asyncGenerator: () => pageByPage(),
  promise: () => Promise.resolve(rows),
  promises: () => pages.map(async (page) => page),
  nodeStream: () => Readable.from(rows),
  webStream: () => Readable.toWeb(Readable.from(rows)) as ReadableStream<unknown>,
  arrowTable: () => columns,
  arrowTables: () => [columns.slice(0, 2), columns.slice(2)],
  recordBatches: () => columns.batches,
  recordBatchReader: () => RecordBatchReader.from(tableToIPC(columns)),
  columnBatch: () => batch,
};

const p = pipeline({
  pipelineName: "streams",
  destination: duckdb({ credentials: "streams.duckdb" }),
  datasetName: "cities",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

// Given to `run` as they are. They have no name of their own, so that the table is named here.
for (const [way, make] of Object.entries(ways)) await p.run(make(), { tableName: `${way}_given` });
// A function has its own name: this one fills the table `row_by_row`.
await p.run(rowByRow);

// Given by the function of a resource, which runs when the pipeline runs. All of them in one run:
const info = await p.run(Object.entries(ways).map(([way, make]) => resource({ name: `${way}_made` }, make)));

const sql = await p.sqlClient();
const tables = Object.keys(p.defaultSchema?.tables ?? {}).filter((name) => !name.startsWith("_dlt"));
for (const table of tables) {
  const loaded = await sql.executeSql(`SELECT id, city FROM ${table} ORDER BY id`);
  assert.deepEqual(loaded.map(String), ["1,Oslo", "2,Lima", "3,Cairo"], table);
}
console.log(`${tables.length} tables hold the same ${rows.length} rows. The ways they came in, each given and made:`);
console.log(Object.keys(ways).join(", "));

assert.equal(tables.length, 2 * Object.keys(ways).length + 1);
assert.equal(Object.keys(info.rowCounts).length, Object.keys(ways).length);
await sql.close();
await p.drop({ dataset: true });
await rm("streams.duckdb");
