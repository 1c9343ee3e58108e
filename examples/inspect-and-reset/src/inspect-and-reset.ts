import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource, source } from "@dlt/pipeline";

const github = source({ name: "github" }, () => [
  resource({ name: "issues", primaryKey: "id", incremental: incremental("updated_at") }, () => [
    { id: 1, title: "Cannot start", updated_at: "2026-03-01T08:00:00Z", user: { login: "dev001" } },
    { id: 2, title: "Typo", updated_at: "2026-03-02T09:30:00Z", user: { login: "dev002" }, labels: [{ name: "docs" }] },
  ]),
]);

const options = {
  pipelineName: "inspect_and_reset",
  destination: duckdb({ credentials: "inspect-and-reset.duckdb" }),
  datasetName: "github_data",
};
const p = pipeline(options);
await p.drop({ dataset: true }); // so that every start begins with nothing

const first = await p.run(github());
console.log(`First run: ${first.rowCounts["issues"]} issues, failed jobs: ${first.hasFailedJobs}`);

// The state: a cursor for each resource of each source.
const cursor = p.state.sources["github"]?.resources?.["issues"]?.incremental?.["updated_at"];
console.log(`The cursor stands at ${String(cursor?.last_value)}`);

// The schema: tables and columns as they were found.
const issues = p.defaultSchema?.tables["issues"];
for (const column of Object.values(issues?.columns ?? {})) console.log(`  issues.${column.name}: ${column.dataType}`);

// `drop()` forgets what is on this machine. The destination has state and schema too, so nothing is loaded twice.
await p.drop();
const restored = await p.run(github());
console.log(`After drop(): ${restored.rowCounts["issues"] ?? 0} new issues`);

// `drop({ dataset: true })` drops tables and state there as well: the next run starts from nothing.
await p.drop({ dataset: true });
const afresh = await p.run(github());
console.log(`After drop({ dataset: true }): ${afresh.rowCounts["issues"]} issues`);

// `devMode` keeps a trial apart: a fresh start, in a dataset of its own.
const trial = pipeline({ ...options, pipelineName: "inspect_and_reset_trial", devMode: true });
const tried = await trial.run(github());
console.log(`With devMode: ${tried.rowCounts["issues"]} issues in dataset ${tried.datasetName}`);
await trial.drop({ dataset: true });

assert.equal(first.hasFailedJobs, false);
assert.deepEqual(
  [first, restored, afresh, tried].map(({ rowCounts }) => rowCounts["issues"] ?? 0),
  [2, 0, 2, 2],
);
assert.equal(String(cursor?.last_value), "2026-03-02T09:30:00Z");
assert.equal(issues?.columns["updated_at"]?.dataType, "timestamp");
assert.equal(issues?.columns["user__login"]?.dataType, "text");
assert.match(tried.datasetName, /^github_data_\d{14}$/);
