import type { ByteSink, ColumnBatch, FileTable } from "@dlt/core";
import type { ParquetOptions } from "../src/index.js";
import { parquet } from "../src/index.js";

/** A sink that keeps what it is given. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: async (bytes) => void parts.push(bytes),
    close: async () => {},
    bytes: () => Buffer.concat(parts),
  };
}

/** The bytes of a file with a part for each batch. */
export async function fileOf(
  table: FileTable,
  batches: readonly ColumnBatch[],
  options?: ParquetOptions,
): Promise<Uint8Array> {
  const format = parquet(options);
  const sink = memorySink();
  const writer = format.open(table, sink);
  for (const batch of batches) await writer.write(format.encode(batch, table));
  await writer.close();
  return sink.bytes();
}
