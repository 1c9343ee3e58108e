import { decodeBase64 } from "../hash/base64.js";

/** Decodes padded Base64 and skips every character outside of its alphabet; `null` when the padding is missing. */
export function decodeBase64Leniently(text: string): Uint8Array | null {
  return decodeBase64(text.replace(/[^A-Za-z0-9+/=]+/g, ""));
}
