import { gunzipSync } from "node:zlib";
import type { ByteSink, FileFormat, FilePart, FileTable } from "@dlt/core";
import { expect, test } from "vitest";
import { gzipped } from "./gzip-format.js";

const table: FileTable = { name: "t", columns: [] };

/** Writes parts as they are, behind a first line. */
const plain: FileFormat = {
  name: "jsonl",
  extension: "jsonl",
  encode: () => ({ rowCount: 0, bytes: new Uint8Array() }),
  open(_, sink) {
    let rowCount = 0;
    return {
      async write(part) {
        rowCount += part.rowCount;
        await sink.write(part.bytes);
      },
      async close() {
        await sink.close();
        return { rowCount, bytes: -1 };
      },
    };
  },
};

function memorySink(): ByteSink & { readonly content: () => Buffer; isClosed: boolean } {
  const pieces: Uint8Array[] = [];
  return {
    isClosed: false,
    async write(bytes) {
      pieces.push(bytes.slice());
    },
    async close() {
      this.isClosed = true;
    },
    content: () => Buffer.concat(pieces),
  };
}

const parts: readonly FilePart[] = Array.from({ length: 50 }, (_, index) => ({
  rowCount: 1000,
  bytes: new TextEncoder().encode(`{"id":${index}}\n`.repeat(1000)),
}));

test.each([
  ["many parts", parts],
  ["no part", []],
])("a file of %s is one stream that gives its bytes back", async (_, written) => {
  const sink = memorySink();
  const format = gzipped(plain);
  const writer = format.open(table, sink);
  for (const part of written) await writer.write(part);
  const closed = await writer.close();
  const content = sink.content();
  expect(sink.isClosed).toBe(true);
  expect(closed).toEqual({ rowCount: written.length * 1000, bytes: content.byteLength });
  expect(Buffer.compare(gunzipSync(content), Buffer.concat(written.map(({ bytes }) => bytes)))).toBe(0);
  expect(format).toMatchObject({ name: "jsonl", extension: "jsonl.gz" });
  // The beginning of a stream of gzip, which is there once.
  expect(content.indexOf(Buffer.from([0x1f, 0x8b, 0x08, 0x00]), 1)).toBe(-1);
});

test("a sink that takes no more is told to whoever writes", async () => {
  const full = new Error("full");
  const sink: ByteSink = {
    write: async () => {
      throw full;
    },
    close: async () => undefined,
  };
  const writer = gzipped(plain).open(table, sink);
  const write = async () => {
    for (;;) for (const part of parts) await writer.write(part);
  };
  await expect(write()).rejects.toBe(full);
});
