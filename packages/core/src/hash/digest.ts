import { encodeBase64 } from "./base64.js";
import { shake128 } from "./keccak.js";

const encoder = new TextEncoder();

/** SHAKE-128 of the text's UTF-8, `byteLength` bytes, as Base64 without padding: how row ids and row hashes are written. */
export function digestText(text: string, byteLength: number): string {
  return encodeBase64(shake128(encoder.encode(text), byteLength));
}
