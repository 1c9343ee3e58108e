import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { Pipeline } from "../../src/index.js";
import { testVectors, type VectorCheck, type VectorObject } from "./read-vectors.js";
import { compareDatasets } from "./scenario/compare-dataset.js";
import { compareStoredSchemas } from "./scenario/compare-stored-schema.js";
import { expectedOutcome, type ScenarioPlace, whyOwnOutcome } from "./scenario/disposition-outcomes.js";
import { duckdbDatabase } from "./scenario/duckdb-database.js";
import { expectedDataset } from "./scenario/expected-dataset.js";
import { filesDatabase, whyNotInFiles } from "./scenario/files-database.js";
import { Placeholders } from "./scenario/placeholders.js";
import { postgresDatabase } from "./scenario/postgres-database.js";
import { expectReferenceError } from "./scenario/reference-errors.js";
import { runScenario } from "./scenario/run-scenario.js";
import type { ScenarioDatabase } from "./scenario/scenario-database.js";
import { expectedTables, plain, schemaTables, storedSchema } from "./scenario/schema-tables.js";
import { stateText } from "./scenario/state-text.js";
import { vectorValue } from "./vector-value.js";

testVectors("pipeline-scenarios", [
  checkOn("DuckDB", duckdbDatabase),
  checkOn("PostgreSQL", postgresDatabase),
  { ...checkOn("files", filesDatabase), leftOut: whyNotInFiles },
]);

interface CheckOptions {
  readonly isException: boolean;
  readonly place: ScenarioPlace;
  readonly databaseIn: DatabaseIn;
}

type DatabaseIn = (folder: string) => ScenarioDatabase | Promise<ScenarioDatabase>;

function checkOn(place: ScenarioPlace, databaseIn: DatabaseIn): VectorCheck {
  return {
    name: `on ${place}`,
    exception: (vector) => whyOwnOutcome(vector, place),
    check: (vector, isException) => check(vector, { isException, place, databaseIn }),
  };
}

/** Runs a case in a database of its own: tables, schema and state are compared after each run. */
async function check(vector: VectorObject, { isException, place, databaseIn }: CheckOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-vectors-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { destination, columnType, read } = await databaseIn(folder);
  const scenario = { vector, feed: "text", destination, folder, pipelineName: "vec", datasetName: "ds" } as const;
  const placeholders = new Placeholders();
  const runs = vector.get("runs") as readonly VectorObject[];
  for (const [index, run] of runs.entries()) {
    const { pipeline, error } = await runScenario(run, scenario);
    const expected = expectedOutcome(vector, index, place);
    expectReferenceError(error, expected);
    const dataset = await read("ds");
    const { found, wanted } = compareDatasets(dataset, expectedDataset(expected, vector), { columnType, placeholders });
    expect(found, `run ${index}`).toEqual(wanted);
    const schemaName = sourceName(vector, run);
    expectLocal(pipeline, schemaName, expected);
    if (index < runs.length - 1) continue;
    await expectTables(pipeline, schemaName, vector);
    const schemas = compareStoredSchemas(dataset, vector);
    if (!isException) expect(schemas.found).toEqual(schemas.wanted);
  }
}

/** Version of the schema and state as the pipeline keeps them. */
function expectLocal({ schemas, state }: Pipeline, schemaName: string, expected: VectorObject): void {
  const { version, versionHash } = schemas[schemaName] ?? {};
  expect({ version, version_hash: versionHash }).toEqual(plain(expected.get("schema")));
  expect(stateText(state.sources)).toBe(stateText(vectorValue(expected.get("state") ?? null)));
}

/** Tables of the schema, with all hints, as the pipeline keeps them in the end. */
async function expectTables(pipeline: Pipeline, schemaName: string, vector: VectorObject): Promise<void> {
  const form = { sorted: false };
  const tables = schemaTables(await storedSchema(pipeline, schemaName), form);
  expect(tables).toEqual(expectedTables(vector.get("schema_tables_at_end") as VectorObject, form));
}

/** Name of the source of a run, and of its schema. */
function sourceName(vector: VectorObject, run: VectorObject): string {
  const options = [run, vector].map((owner) => owner.get("source") as VectorObject | undefined);
  return (options.find((each) => each?.has("name"))?.get("name") ?? "src") as string;
}
