/**
 * CPU time of an Arrow table on its way to Parquet, stage by stage, beside a copy of its memory.
 * Row groups are uncompressed and go into memory; the table is made before the clock starts.
 */
import type { ColumnBatch, FileTable } from "@dlt/core";
import {
  arrowBatches,
  cutBatch,
  decodeBatch,
  encodeBatch,
  formatSchema,
  newSchema,
  relationalNormalizer,
} from "@dlt/core/engine";
import * as arrow from "apache-arrow";
import { parquet } from "../src/index.js";

const rowCount = 2_000_000;
const rounds = 5;
/** As the pipeline cuts them. */
const chunkBytes = 8 * 1024 * 1024;

let state = 1;
/** The next number from 0 up to but not including `limit`. */
function random(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

const bits = (): Uint8Array => Uint8Array.from({ length: rowCount / 8 }, () => random(256) | random(256));
/** A column over an array; the package knows the layout by its type. */
function vector(type: arrow.DataType, data: ArrayBufferView, nullBitmap: Uint8Array | null = null): arrow.Vector {
  const values = data as unknown as Int32Array;
  return new arrow.Vector([arrow.makeData({ type: type as arrow.Int32, data: values, nullBitmap, length: rowCount })]);
}

function texts(): arrow.Vector {
  const words = Array.from({ length: rowCount }, () => `https://example.com/${random(2 ** 31).toString(16)}`);
  const valueOffsets = new Int32Array(rowCount + 1);
  words.forEach((word, index) => {
    valueOffsets[index + 1] = (valueOffsets[index] ?? 0) + word.length;
  });
  const data = Buffer.from(words.join(""));
  return new arrow.Vector([arrow.makeData({ type: new arrow.Utf8(), valueOffsets, data })]);
}

const rows = Array.from({ length: rowCount }, (_, row) => row);
const micros = BigInt64Array.from(rows, (row) => 1_700_000_000_000_000n + BigInt(row) * 1_000n);
const table = new arrow.Table({
  id: vector(new arrow.Int64(), BigInt64Array.from(rows, BigInt)),
  user_id: vector(
    new arrow.Int32(),
    Int32Array.from(rows, () => random(1e6)),
  ),
  price: vector(
    new arrow.Float64(),
    Float64Array.from(rows, () => random(1e9) / 1000),
  ),
  score: vector(
    new arrow.Float64(),
    Float64Array.from(rows, () => random(1e9) / 1000),
    bits(),
  ),
  is_public: vector(new arrow.Bool(), bits()),
  created_at: vector(new arrow.TimestampMicrosecond("UTC"), micros),
  updated_at: vector(
    new arrow.TimestampMillisecond("UTC"),
    micros.map((value) => value / 1_000n),
  ),
  day: vector(
    new arrow.DateDay(),
    Int32Array.from(rows, (row) => 19_000 + (row >> 12)),
  ),
  kind: new arrow.Vector([
    arrow.makeData({
      type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
      data: Int32Array.from(rows, () => random(14)),
      dictionary: arrow.vectorFromArray(
        Array.from({ length: 14 }, (_, index) => `event type ${index}`),
        new arrow.Utf8(),
      ),
    }),
  ]),
  url: texts(),
});

const buffers = (table.batches[0]?.data.children ?? []).flatMap(({ values, valueOffsets, nullBitmap }) =>
  [values, valueOffsets, nullBitmap].flatMap((buffer) =>
    buffer === undefined ? [] : [new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)],
  ),
);
const bytes = buffers.reduce((sum, buffer) => sum + buffer.length, 0);

const run = {
  loadId: "1700000000.0",
  nowMicros: 0n,
  idSeed: new Uint8Array(32),
  maxIdentifierLength: null,
  timestampPrecision: 6,
  maxTimestampPrecision: 6,
  decimalPrecision: [38, 9],
  weiPrecision: [38, 0],
  mergeStrategies: [],
  doubles: [],
  integers: [],
} as const;

const format = parquet();
const times = new Map<string, number>();
let parquetBytes = 0;

/** Measures a stage by its CPU time, and keeps the best of all rounds. */
function measured<Result>(stage: string, work: () => Result): Result {
  const started = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(started);
  times.set(stage, Math.min(times.get(stage) ?? Number.POSITIVE_INFINITY, (user + system) / 1e6));
  return result;
}

for (let round = 0; round < rounds; round++) {
  measured("copy of the table's memory", () => buffers.map((buffer) => buffer.slice()));
  const batches = measured("arrow to columns", () => [...arrowBatches(table)]);
  const pieces = batches.flatMap((batch) => [...cutBatch(batch, chunkBytes)]);
  const chunks = measured("columns to chunks", () => pieces.map(encodeBatch));
  const decoded = measured("chunks to columns", () => chunks.map(decodeBatch));
  const session = relationalNormalizer.open(formatSchema(newSchema("bench")), run);
  const taken = measured("normalized", () => {
    const taken: ColumnBatch[] = [];
    decoded.forEach((data, index) => {
      const chunk = { index, table: "events", numbers: "text", firstRow: 0, data } as const;
      session.normalize(chunk, ({ batch }) => taken.push(batch));
    });
    return taken;
  });
  const columns = [...session.columns("events")].map(({ name, dataType, precision }) => ({
    name,
    dataType: dataType ?? "text",
    nullable: true,
    ...(typeof precision === "number" && { precision }),
  }));
  const fileTable: FileTable = { name: "events", columns };
  parquetBytes = measured("columns to Parquet", () =>
    taken.reduce((sum, batch) => sum + format.encode(batch, fileTable).bytes.length, 0),
  );
}

const total = [...times].reduce((sum, [stage, seconds]) => (stage.startsWith("copy") ? sum : sum + seconds), 0);
const figures = (seconds: number): string =>
  `${(seconds * 1000).toFixed(0)} ms, ${(bytes / 1e9 / seconds).toFixed(2)} GB/s, ${(rowCount / 1e6 / seconds).toFixed(1)} million rows/s`;
console.log(
  `${rowCount.toLocaleString("en")} rows of ${table.numCols} columns, ${(bytes / 1e6).toFixed(0)} MB in memory`,
);
for (const [stage, seconds] of times) console.log(`${stage}: ${figures(seconds)}`);
console.log(`Arrow to Parquet: ${figures(total)}, ${(parquetBytes / 1e6).toFixed(0)} MB of row groups`);
