import { writeFile } from "node:fs/promises";
import type { ColumnBatch, FileTable } from "@dlt/core";
import { parquet } from "@dlt/parquet";

const table: FileTable = {
  name: "users",
  columns: [
    { name: "id", dataType: "bigint", nullable: false },
    { name: "name", dataType: "text", nullable: true },
  ],
};
const batch: ColumnBatch = {
  rowCount: 3,
  columns: [
    { name: "id", type: { dataType: "bigint" }, validity: null, layout: "fixed", values: BigInt64Array.of(1n, 2n, 3n) },
    {
      name: "name",
      type: { dataType: "text" },
      validity: Uint8Array.of(0b101), // the second row has no name
      layout: "bytes",
      offsets: Int32Array.of(0, 3, 3, 6),
      data: new TextEncoder().encode("AdaBob"),
    },
  ],
};

const format = parquet({ compression: "snappy" });
const parts: Uint8Array[] = [];
const writer = format.open(table, {
  write: async (bytes) => void parts.push(bytes),
  close: async () => writeFile("users.parquet", Buffer.concat(parts)),
});
await writer.write(format.encode(batch, table)); // `encode` may have run in a worker
const { rowCount, bytes } = await writer.close();
console.log(`${rowCount} rows, ${bytes} bytes`);
