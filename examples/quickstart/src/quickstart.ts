import { readFile } from "node:fs/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource } from "@dlt/pipeline";

// 100 GitHub events, oldest first. They are nested: objects in objects, and lists of commits, labels, reviewers.
const file = new URL("../data/events.json", import.meta.url);
const page: { id: string; created_at: string }[] = JSON.parse(await readFile(file, "utf8"));
page.sort((a, b) => a.created_at.localeCompare(b.created_at));

// A resource names the table and reads the rows. The cursor remembers how far the runs before have come.
const events = (rows: typeof page) =>
  resource({ name: "events", primaryKey: "id", incremental: incremental("created_at") }, () => rows);

const github = pipeline({
  pipelineName: "quickstart",
  destination: duckdb({ credentials: "quickstart.duckdb" }),
  datasetName: "github",
});
await github.drop({ dataset: true }); // so that every start of this program begins with nothing

console.log("First run: the 60 older events\n");
console.log(String(await github.run(events(page.slice(0, 60)))));

console.log("\nSecond run: all 100 events\n");
const info = await github.run(events(page));
console.log(String(info));
const added = info.rowCounts["events"] ?? 0;
console.log(`\n${added} new, ${page.length - added} seen before`);

// Rows of a child table point to the row that they come from.
console.log("\nWho wrote the commits, and in how many pushes? (The names are stand-ins.)\n");
await using sql = await github.sqlClient();
const { columns, rows } = await sql.query(`
  SELECT author__name AS author, count(*) AS commits, count(DISTINCT events.id) AS pushes
  FROM events JOIN events__payload__commits AS commits ON commits._dlt_parent_id = events._dlt_id
  GROUP BY author ORDER BY commits DESC`);
console.table(rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]]))));

console.log(`
What to try next
  - Open quickstart.duckdb with a DuckDB tool: the tables are in the schema "github".
  - Take the line with drop() out of this program and start it again: it remembers, and all 100 events are seen before.
  - Load rows of your own: await pipeline({ destination: "duckdb" }).run(rows, { tableName: "mine" })
  - Read on: docs/guide/first-pipeline.md`);
