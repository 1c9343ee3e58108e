import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DataValue, Decimal, type JsonValue, Wei } from "@dlt/core";
import { decodeJson, decodeMarked, parseIso, typeMarkers } from "@dlt/core/engine";
import { expect, onTestFinished } from "vitest";
import { testVectors, type VectorObject } from "./read-vectors.js";
import { csvLines } from "./scenario/csv-fields.js";
import { fileDestination, type LoadedFile } from "./scenario/file-destination.js";
import { Placeholders } from "./scenario/placeholders.js";
import { referenceError } from "./scenario/reference-errors.js";
import {
  type ColumnTypes,
  columnTypes,
  comparableRows,
  comparableValue,
  typedRows,
  withPlaceholders,
} from "./scenario/rows.js";
import { runScenario } from "./scenario/run-scenario.js";
import { isSystemTable, storedSchema } from "./scenario/schema-tables.js";
import { typedJsonl } from "./scenario/typed-jsonl.js";

/** A row of a file in a form that can be compared. */
type FileRow = Readonly<Record<string, unknown>>;

interface FileForm {
  readonly types: ColumnTypes;
  readonly delimiter: string;
  readonly hasHeader: boolean;
}

// Where files are cut differs: the reference begins another one when a row has a column more, we when a chunk has.
const readers: Readonly<Record<string, (texts: readonly string[], form: FileForm) => readonly FileRow[]>> = {
  jsonl: (texts, { types }) => comparableRows(jsonlRows(texts, types), types),
  "typed-jsonl": (texts, { types }) => comparableRows(typedRows(texts, types), types),
  csv: (texts, form) => texts.flatMap((text) => csvRows(text, form)),
};

testVectors("loader-files", [
  {
    name: "files",
    leftOut: (vector) =>
      readers[formatOf(vector)] === undefined ? `since nothing writes ${formatOf(vector)} yet` : null,
    check,
  },
]);

function formatOf(vector: VectorObject): string {
  return vector.get("format") as string;
}

async function check(vector: VectorObject): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-vectors-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const format = formatOf(vector);
  const target = fileDestination({ format: format === typedJsonl.name ? typedJsonl : format });
  const { pipeline, error } = await runScenario(vector, {
    vector,
    feed: "text",
    destination: target.destination,
    folder,
    pipelineName: "vec",
    datasetName: "ds",
  });
  const expected = vector.get("expect") as VectorObject;
  const chain = expected.get("error") as readonly string[] | null;
  if (chain !== null) {
    expect(chain).toContain(referenceError(error).className);
    return;
  }
  if (error !== null) throw error;
  const files = (await target.files()).filter(({ table }) => !isSystemTable(table));
  checkFiles(files, {
    expected: expected.get("files") as VectorObject,
    vector,
    schema: await storedSchema(pipeline, "src"),
  });
}

function checkFiles(
  files: readonly LoadedFile[],
  options: { readonly expected: VectorObject; readonly vector: VectorObject; readonly schema: VectorObject },
): void {
  const { expected, vector, schema } = options;
  expect(new Set(files.map(({ table }) => table))).toEqual(new Set(expected.keys()));
  const env = (vector.get("env") ?? new Map()) as ReadonlyMap<string, string>;
  const read = readers[formatOf(vector)];
  const placeholders = new Placeholders();
  for (const [table, texts] of expected as ReadonlyMap<string, readonly string[]>) {
    const form = {
      types: columnTypes(schema, table),
      delimiter: env.get("NORMALIZE__DATA_WRITER__DELIMITER") ?? ",",
      hasHeader: env.get("NORMALIZE__DATA_WRITER__INCLUDE_HEADER") !== "false",
    };
    const wanted = read?.(texts, form) ?? [];
    const found =
      read?.(
        files.filter((file) => file.table === table).map(({ text }) => text),
        form,
      ) ?? [];
    expect(withPlaceholders(found, wanted, placeholders), table).toEqual(wanted);
  }
}

function jsonlRows(texts: readonly string[], types: ColumnTypes): readonly ReadonlyMap<string, DataValue>[] {
  return texts
    .flatMap((text) => text.split("\n").slice(0, -1))
    .map(
      (line) =>
        new Map(
          [...(decodeJson(line) as VectorObject)].map(([name, value]) => [name, jsonlValue(value, types.get(name))]),
        ),
    );
}

/** Values whose texts may differ and mean the same; the others are compared as they are written. */
function valueOfText(value: JsonValue, type: string | undefined): DataValue {
  if (typeof value !== "string") return value;
  if (type === "decimal") return new Decimal(value);
  if (type === "wei") return new Wei(value);
  return type === "timestamp" ? (parseIso(value) ?? value) : value;
}

/** In JSON lines bytes are Base64, or what HexBytes are written as. */
function jsonlValue(value: JsonValue, type: string | undefined): DataValue {
  if (type !== "binary" || typeof value !== "string") return valueOfText(value, type);
  return decodeMarked((value.startsWith("0x") ? typeMarkers.hexbytes : typeMarkers.bytes) + value);
}

/** Without a header the columns are those of the schema, as far as the file has them. A missing value is written as empty text is. */
function csvRows(text: string, { types, delimiter, hasHeader }: FileForm): readonly FileRow[] {
  const lines = csvLines(text, delimiter);
  const names = hasHeader ? (lines[0] ?? []).map(({ value }) => value) : [...types.keys()];
  return lines.slice(hasHeader ? 1 : 0).map((line) =>
    Object.fromEntries(
      line.flatMap(({ value, isQuoted }, index): [string, unknown][] => {
        const name = names[index] ?? `unnamed ${index}`;
        if (value === "") return [];
        return [
          [name, comparableValue(valueOfText(value, types.get(name)), undefined)],
          [`${name} in quotes`, isQuoted],
        ];
      }),
    ),
  );
}
