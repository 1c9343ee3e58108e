import { open } from "node:fs/promises";
import { openParquet } from "@dlt/parquet";

await using file = await open("users.parquet");
const { size } = await file.stat();
const reader = await openParquet({
  byteLength: size,
  slice: async (start, end) => {
    const bytes = new Uint8Array(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  },
});
for await (const batch of reader.read(["id", "name"], 0)) console.log(batch.rowCount, batch.columns.length);
