import { deflateSync } from "node:zlib";

/** A document as a text column takes it: as it is, or as base64 of its zlib form when its UTF-8 is longer than `maxBytes`. */
export function storedText(document: string, maxBytes = Number.POSITIVE_INFINITY): string {
  if (Buffer.byteLength(document) <= maxBytes) return document;
  return deflateSync(document, { level: 9 }).toString("base64");
}
