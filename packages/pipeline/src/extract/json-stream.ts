import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { JsonText } from "@dlt/core";
import { pieceReader } from "./byte-reader.js";
import { type JsonLayout, jsonPages } from "./json-pages.js";

/** A stream of Node or of the web. */
export function isByteStream(data: unknown): data is Readable | ReadableStream<unknown> {
  return data instanceof Readable || data instanceof ReadableStream;
}

/** The rows of a stream: objects as they come; bytes and text as JSON. */
export async function* readStream(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const all = from(first.value, iterator);
  if (first.value instanceof Uint8Array || typeof first.value === "string") yield* readJson(asBytes(all), "values");
  else yield* all;
}

/** JSON from bytes, which may be compressed with gzip. */
export async function* readJson(bytes: AsyncIterable<Uint8Array>, layout: JsonLayout): AsyncGenerator<JsonText> {
  yield* jsonPages(pieceReader(decompressed(bytes)), layout);
}

const pieceBytes = 1024 * 1024;

async function* decompressed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) return;
  const all = from(first.value, iterator);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* all;
  // An error comes out where the pieces are read.
  else
    yield* pipeline(
      Readable.from(all, { objectMode: false }),
      createGunzip({ chunkSize: pieceBytes }),
      () => undefined,
    );
}

/** A value that was taken from an iterator already, and the rest. Closes the iterator in the end. */
async function* from<Value>(first: Value, rest: AsyncIterator<Value>): AsyncGenerator<Value> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* asBytes(pieces: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield piece instanceof Uint8Array ? piece : encoder.encode(String(piece));
}
