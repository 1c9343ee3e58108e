import { strict as assert } from "node:assert";
import { once } from "node:events";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

const pageCount = 400;

/** An archive of 400 pages. It remembers which one is next, and says after each page that it can be resumed from there. */
const archive = (answersUntil = pageCount) =>
  resource({ name: "archive", primaryKey: "id" }, async function* ({ state, checkpoint, signal }) {
    for (let page = Number(state["next"] ?? 0); page < pageCount; page++) {
      if (page === answersUntil) await once(signal, "abort"); // the server hangs
      yield Array.from({ length: 50 }, (_, row) => ({ id: page * 50 + row, page }));
      state["next"] = page + 1;
      checkpoint();
    }
  });

const p = pipeline({
  pipelineName: "long_run",
  destination: duckdb({ credentials: "long-run.duckdb" }),
  datasetName: "archive",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

// 2,500 rows are loaded at a time, while the next ones are read. After two seconds the run ends where it can be resumed.
const first = await p.run(archive(300), { checkpoint: { everyRows: 2_500 }, maxDurationMs: 2_000 });
console.log(String(first));
console.log({ canBeContinued: first.canBeContinued, epochs: first.loadsIds.length, rows: first.rowCounts["archive"] });

// The next run, here or on another machine, goes on behind it.
const second = await p.run(archive(), { checkpoint: { everyRows: 2_500 } });
console.log({
  canBeContinued: second.canBeContinued,
  epochs: second.loadsIds.length,
  rows: second.rowCounts["archive"],
});

await using sql = await p.sqlClient();
const [row] = await sql.executeSql("SELECT count(*), count(DISTINCT id) FROM archive");
assert.deepEqual(row?.map(Number), [20_000, 20_000]);
assert.equal(first.stoppedBy, "maxDurationMs");
assert.equal(second.canBeContinued, false);
assert.equal(Number(first.rowCounts["archive"]) + Number(second.rowCounts["archive"]), 20_000);
