import { decodeBase64 } from "../hash/base64.js";

/**
 * Decodes Base64 as Python's `b64decode` does: characters outside of the alphabet are skipped, and the first padding that completes
 * the text ends it. `null` for a text that is incomplete or not ASCII.
 */
export function decodeBase64AsPython(text: string): Uint8Array | null {
  const usual = decodeBase64(text);
  if (usual !== null) return usual;
  if (/[^\0-\x7f]/.test(text)) return null;
  let digits = "";
  let padding = 0;
  for (const [character] of text.matchAll(/[A-Za-z0-9+/=]/g)) {
    const open = digits.length % 4;
    if (character !== "=") {
      digits += character;
      padding = 0;
    } else if (open >= 2 && ++padding === 4 - open) {
      return decodeBase64(digits + "=".repeat(padding));
    }
  }
  return digits.length % 4 === 0 ? decodeBase64(digits) : null;
}
