/**
 * Loads tickets and their authors from a help desk, twice. It runs against a stand-in on this machine, which takes 8 requests a second and
 * says so in its answers: the client waits before it would have to refuse.
 */
import { strict as assert } from "node:assert";
import { rm } from "node:fs/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { helpdesk } from "./helpdesk.js";
import { startHelpdesk } from "./helpdesk-stand-in.js";

await using standIn = await startHelpdesk();
const source = helpdesk({ baseUrl: standIn.baseUrl, clientId: "reports", clientSecret: "geheim" });
const p = pipeline({
  pipelineName: "helpdesk",
  destination: duckdb({ credentials: "helpdesk.duckdb" }),
  datasetName: "helpdesk",
});
await p.drop({ dataset: true }); // so that every start begins with nothing

const first = await p.run(source);
console.log(`First run: ${first.rowCounts["tickets"]} tickets, ${first.rowCounts["authors"]} times an author`);
console.log("Answers:", standIn.answers);
const second = await p.run(source);
console.log(`Second run: ${second.rowCounts["tickets"] ?? 0} tickets`);

const sql = await p.sqlClient();
const rows = await sql.executeSql(
  "SELECT name, count(*), sum(hours), any_value(typeof(hours)) FROM tickets JOIN authors ON authors.id = author_id GROUP BY name ORDER BY name",
);
for (const [name, count, hours, type] of rows) console.log(`${name}: ${count} tickets, ${hours} hours (${type})`);

assert.equal(standIn.answers[429], undefined);
assert.equal(rows.length, 3);
await sql.close();
await p.drop({ dataset: true });
await rm("helpdesk.duckdb");
