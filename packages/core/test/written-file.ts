import type { ColumnBatch } from "../src/contract/batch.js";
import type { ByteSink, FileFormat, FileTable } from "../src/contract/file-format.js";

export interface MemorySink extends ByteSink {
  text(): string;
  isClosed(): boolean;
}

export function memorySink(): MemorySink {
  let text = "";
  let closed = false;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return {
    async write(bytes) {
      text += decoder.decode(bytes);
    },
    async close() {
      closed = true;
    },
    text: () => text,
    isClosed: () => closed,
  };
}

/** The text of a file of these batches. */
export async function writtenFile(
  format: FileFormat,
  table: FileTable,
  batches: readonly ColumnBatch[],
): Promise<string> {
  const sink = memorySink();
  const file = format.open(table, sink);
  for (const batch of batches) await file.write(format.encode(batch, table));
  await file.close();
  return sink.text();
}
