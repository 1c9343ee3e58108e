import type { JsonText } from "@dlt/core";

const own = Symbol("own text");

/** Lines whose buffer nobody else uses: they may become a chunk as they are. */
export function ownText(jsonText: Uint8Array): JsonText {
  return { jsonText, framing: "lines", [own]: true } as JsonText;
}

export function isOwnText(text: JsonText): boolean {
  return own in text;
}
