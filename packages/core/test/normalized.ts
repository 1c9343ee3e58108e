import type { TableBatch } from "../src/contract/batch.js";
import type { ColumnKey, NormalizeRun, RawChunk } from "../src/contract/normalizer.js";
import type { Schema } from "../src/contract/schema.js";
import { encodePage } from "../src/json/encode-rows.js";
import { relationalNormalizer } from "../src/normalize/session.js";
import { formatSchema } from "../src/schema/format-schema.js";
import { newSchema } from "../src/schema/new-schema.js";
import { batchRows } from "./batch-rows.js";
import { testRun } from "./normalize-run.js";

const run: NormalizeRun = { ...testRun, maxIdentifierLength: 63 };

export interface NormalizeOptions {
  readonly schema?: Schema;
  readonly numbers?: RawChunk["numbers"];
  readonly framing?: "lines" | "array";
}

/** Hands the batches of JSON text for the table `items` on; gives how many rows each table has. */
function normalize(
  text: string | Uint8Array,
  { schema = newSchema("src"), numbers = "text", framing = "lines" }: NormalizeOptions,
  take: (batch: TableBatch) => void,
): Readonly<Record<string, number>> {
  const jsonText = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const chunk: RawChunk = { index: 0, table: "items", numbers, firstRow: 0, data: { jsonText, framing } };
  for (let doubles: readonly ColumnKey[] = []; ; ) {
    const session = relationalNormalizer.open(formatSchema(schema), { ...run, doubles });
    const { becameDouble, rowCounts } = session.normalize(chunk, take);
    if (becameDouble.length === 0) return rowCounts;
    doubles = [...doubles, ...becameDouble];
  }
}

/** The rows of JSON text by table, without the columns of the library. */
export function rowsOfText(
  text: string | Uint8Array,
  options: NormalizeOptions = {},
): ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]> {
  const tables = new Map<string, Readonly<Record<string, unknown>>[]>();
  normalize(text, options, ({ table, batch }) => {
    const columns = batch.columns.filter(({ name }) => !name.startsWith("_dlt"));
    tables.set(table, [...(tables.get(table) ?? []), ...batchRows({ ...batch, columns })]);
  });
  return tables;
}

/** The rows of objects by table, likewise. */
export function rowsOfObjects(rows: readonly unknown[], options: NormalizeOptions = {}): ReturnType<typeof rowsOfText> {
  const { bytes, numbers } = encodePage(rows);
  return rowsOfText(bytes, { numbers, ...options });
}

/** How many rows each table gets; the rows themselves are not looked at. */
export function countsOf(
  rows: readonly unknown[] | string,
  options: NormalizeOptions = {},
): Readonly<Record<string, number>> {
  if (typeof rows === "string") return normalize(rows, options, () => undefined);
  const { bytes, numbers } = encodePage(rows);
  return normalize(bytes, { numbers, ...options }, () => undefined);
}
