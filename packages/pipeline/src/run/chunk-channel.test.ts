import { expect, test } from "vitest";
import type { Chunk } from "../package/chunk.js";
import { chunkChannel } from "./chunk-channel.js";

function chunk(index: number, bytes = 1): Chunk {
  return {
    entry: {
      index,
      resource: "r",
      table: "t",
      file: `${index}.jsonl`,
      framing: "lines",
      numbers: "text",
      firstRow: 0,
      rowCount: 1,
      bytes,
      update: [],
    },
    data: new Uint8Array(bytes),
  };
}

test("chunks arrive in order, given before or after they are asked for", async () => {
  const channel = chunkChannel();
  await channel.give(chunk(0));
  const seen: number[] = [];
  const consumer = (async () => {
    for await (const { entry } of channel.chunks) seen.push(entry.index);
  })();
  await channel.give(chunk(1));
  await channel.give(chunk(2));
  channel.end();
  await consumer;
  expect(seen).toEqual([0, 1, 2]);
});

test("who gives waits while 32 MiB wait", async () => {
  const channel = chunkChannel();
  let given = false;
  const giving = channel.give(chunk(0, 32 * 1024 * 1024)).then(() => {
    given = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(given).toBe(false);
  await channel.chunks[Symbol.asyncIterator]().next();
  await giving;
  expect(given).toBe(true);
});

test("a consumer that stops lets the giving side go on", async () => {
  const channel = chunkChannel();
  const giving = channel.give(chunk(0, 64 * 1024 * 1024));
  for await (const _ of channel.chunks) break;
  await giving;
  await channel.give(chunk(1, 64 * 1024 * 1024));
  channel.end();
});

test("without chunks the end is the end", async () => {
  const channel = chunkChannel();
  channel.end();
  const seen: Chunk[] = [];
  for await (const each of channel.chunks) seen.push(each);
  expect(seen).toEqual([]);
});

test("a channel that is stopped before anybody took a chunk lets the giving side go on", async () => {
  const channel = chunkChannel();
  const giving = channel.give(chunk(0, 64 * 1024 * 1024));
  channel.stop();
  await giving;
  expect(await channel.chunks[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
});
