import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { testVectors, type VectorObject } from "./read-vectors.js";
import { fileDestination, type LoadedFile } from "./scenario/file-destination.js";
import { withOwnOutcomes } from "./scenario/own-outcomes.js";
import { Placeholders } from "./scenario/placeholders.js";
import { expectReferenceError } from "./scenario/reference-errors.js";
import { columnTypes, comparableRows, expectedRows, typedRows, withPlaceholders } from "./scenario/rows.js";
import { runScenario } from "./scenario/run-scenario.js";
import { type Feed, losesOrderAsObjects } from "./scenario/scenario-source.js";
import { expectedTables, isSystemTable, plain, schemaTables, storedSchema } from "./scenario/schema-tables.js";
import { typedJsonl } from "./scenario/typed-jsonl.js";

testVectors("normalize-scenarios", [
  { name: "rows as text", check: (vector) => check(vector, { feed: "text" }) },
  {
    name: "rows as objects",
    exception: (vector) => (runsOf(vector).some(losesOrderAsObjects) ? integerLikeKeys : null),
    check: (vector, isException) => check(vector, { feed: "objects", anyOrder: isException }),
  },
]);

const integerLikeKeys = "since keys that look like integers come first in an object";

interface CheckOptions {
  readonly feed: Feed;
  /** The order of columns is another, and the hash of the schema with it. */
  readonly anyOrder?: boolean;
}

async function check(vector: VectorObject, { feed, anyOrder = false }: CheckOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-vectors-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const naming = vector.get("naming") as string | undefined;
  const target = fileDestination({
    format: typedJsonl,
    ...(naming !== undefined && { naming }),
    ...(vector.has("capabilities") && { capabilities: vector.get("capabilities") as VectorObject }),
  });
  const options = { vector, feed, destination: target.destination, folder, pipelineName: "vec", datasetName: "ds" };
  const placeholders = new Placeholders();
  for (const [index, run] of runsOf(vector).entries()) {
    const outcome = await runScenario(run, options);
    const files = (await target.files()).filter(({ table }) => !isSystemTable(table));
    const expected = run.get("expect") as VectorObject;
    expectReferenceError(outcome.error, expected);
    // Of a first run that fails while it extracts nothing is stored.
    if (!expected.has("schema")) continue;
    const document = await storedSchema(outcome.pipeline, "src");
    checkSchema(document, expected, { anyOrder, run: `run ${index}` });
    checkRows(files, { expected, document, placeholders, run: `run ${index}`, hasQuirk: vector.has("quirk") });
  }
}

function runsOf(vector: VectorObject): readonly VectorObject[] {
  return vector.get("runs") as readonly VectorObject[];
}

function checkSchema(
  document: VectorObject,
  expected: VectorObject,
  { anyOrder, run }: { readonly anyOrder: boolean; readonly run: string },
): void {
  const tables = schemaTables(document, { sorted: anyOrder });
  expect(tables, run).toEqual(expectedTables(expected.get("schema_tables") as VectorObject, { sorted: anyOrder }));
  const normalizers = expected.get("normalizers");
  if (normalizers !== undefined) expect(plain(document.get("normalizers")), run).toEqual(plain(normalizers));
  const { version, version_hash: hash } = plain(expected.get("schema")) as Readonly<Record<string, unknown>>;
  expect(document.get("version"), run).toBe(version);
  if (!anyOrder) expect(document.get("version_hash"), run).toBe(hash);
}

function checkRows(
  files: readonly LoadedFile[],
  options: {
    readonly expected: VectorObject;
    readonly document: VectorObject;
    readonly placeholders: Placeholders;
    readonly run: string;
    readonly hasQuirk: boolean;
  },
): void {
  const { expected, document, placeholders, run, hasQuirk } = options;
  const given = expected.get("rows") as VectorObject;
  const rowsOf = hasQuirk ? withOwnOutcomes(given, document) : given;
  expect(new Set(files.map(({ table }) => table)), run).toEqual(new Set(rowsOf.keys()));
  const empty = files.filter(({ rowCount }) => rowCount === 0).map(({ table }) => table);
  expect(empty, run).toEqual(expected.get("empty_files") ?? []);
  for (const [table, written] of rowsOf) {
    const types = columnTypes(document, table);
    const texts = files.filter((file) => file.table === table).map(({ text }) => text);
    const wanted = comparableRows(expectedRows(written), types);
    const found = comparableRows(typedRows(texts, types), types);
    expect(withPlaceholders(found, wanted, placeholders), `${run}, ${table}`).toEqual(wanted);
  }
}
