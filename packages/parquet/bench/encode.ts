/**
 * Rows per CPU second of encoding batches of 11 columns, beside hyparquet-writer on the same values.
 * Both write uncompressed row groups of 10,000 rows into memory; what they get is made before the clock starts.
 */
import type { ColumnBatch, FileColumn, FileTable } from "@dlt/core";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { parquet } from "../src/index.js";
import { type Cell, columnOf } from "../test/columns.js";

const rowCount = 10_000;
const partCount = 20;
const rounds = 7;

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");

let state = 1;
/** The next number from 0 up to but not including `limit`. */
function random(limit: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

interface BenchColumn extends FileColumn {
  readonly cell: (row: number) => Cell;
}

const columns: readonly BenchColumn[] = [
  { name: "id", dataType: "bigint", nullable: false, cell: (row) => BigInt(row) },
  { name: "user_id", dataType: "bigint", nullable: true, cell: () => (random(10) === 0 ? null : BigInt(random(1e6))) },
  { name: "price", dataType: "double", nullable: true, cell: () => random(1e9) / 1000 },
  { name: "score", dataType: "double", nullable: true, cell: () => (random(5) === 0 ? null : random(1e9) / 1000) },
  { name: "is_public", dataType: "bool", nullable: true, cell: () => random(2) === 0 },
  {
    name: "created_at",
    dataType: "timestamp",
    nullable: true,
    cell: (row) => 1_700_000_000_000_000n + BigInt(row) * 1000n,
  },
  { name: "type", dataType: "text", nullable: true, cell: () => `event type ${random(14)}` },
  {
    name: "country",
    dataType: "text",
    nullable: true,
    cell: () => (random(10) === 0 ? null : `country ${random(200)}`),
  },
  {
    name: "url",
    dataType: "text",
    nullable: true,
    cell: () => `https://example.com/${hex(random(2 ** 32), 8)}/${hex(random(2 ** 32), 8)}`,
  },
  {
    name: "message",
    dataType: "text",
    nullable: true,
    cell: () => (random(5) === 0 ? null : "some words of text ".repeat(1 + random(6)) + random(1e6)),
  },
  { name: "_dlt_id", dataType: "text", nullable: false, cell: () => hex(random(2 ** 32), 8) + hex(random(2 ** 24), 6) },
];

const values = columns.map(({ cell }) => Array.from({ length: rowCount }, (_, row) => cell(row)));
const table: FileTable = { name: "events", columns };
const batch: ColumnBatch = {
  rowCount,
  columns: columns.map(({ name, dataType }, index) => columnOf(name, { dataType }, values[index] ?? [])),
};

const types = { bigint: "INT64", timestamp: "INT64", double: "DOUBLE", bool: "BOOLEAN", text: "STRING" } as const;
const sources = columns.map(
  ({ name, dataType, nullable }, index): ColumnSource => ({
    name,
    nullable,
    data: values[index] ?? [],
    type: types[dataType as keyof typeof types],
  }),
);
// Strings already in UTF-8, as batches have them, and nothing that is optional.
const leanSources = sources.map((source) => ({
  ...source,
  offsetIndex: false,
  ...(source.type === "STRING" && {
    type: "BYTE_ARRAY" as const,
    data: Array.from(source.data, (text) => (typeof text === "string" ? Buffer.from(text) : null)),
  }),
}));

const format = parquet();
const writers: Readonly<Record<string, () => number>> = {
  "@dlt/parquet": () => format.encode(batch, table).bytes.length,
  "hyparquet-writer": () =>
    parquetWriteBuffer({ columnData: sources, codec: "UNCOMPRESSED", rowGroupSize: rowCount }).byteLength,
  "hyparquet-writer, bytes, no statistics": () =>
    parquetWriteBuffer({ columnData: leanSources, codec: "UNCOMPRESSED", rowGroupSize: rowCount, statistics: false })
      .byteLength,
};

const best = new Map<string, number>();
const bytes = new Map<string, number>();
for (let round = 0; round < rounds; round++) {
  for (const [name, write] of Object.entries(writers)) {
    const started = process.cpuUsage();
    for (let part = 0; part < partCount; part++) bytes.set(name, write());
    const { user, system } = process.cpuUsage(started);
    best.set(name, Math.max(best.get(name) ?? 0, (rowCount * partCount * 1e6) / (user + system)));
  }
}

const own = best.get("@dlt/parquet") ?? 0;
for (const [name, rate] of best) {
  const megabytes = ((bytes.get(name) ?? 0) / 1e6).toFixed(2);
  const ratio = name === "@dlt/parquet" ? "" : `, ${(own / rate).toFixed(1)} times slower`;
  console.log(`${name}: ${Math.round(rate).toLocaleString("en")} rows per CPU second, ${megabytes} MB a part${ratio}`);
}
