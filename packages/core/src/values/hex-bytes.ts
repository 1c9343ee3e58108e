import { valueKind } from "./value-kind.js";

/** Bytes that are written as hexadecimal text where bytes have to be text: hashes and addresses of a block chain. */
export class HexBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get [valueKind]() {
    return "hexbytes" as const;
  }

  /** `0x0102` */
  toString(): string {
    let text = "0x";
    for (const byte of this.bytes) text += byte.toString(16).padStart(2, "0");
    return text;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Reads pairs of hexadecimal digits, after `0x` or not, with ASCII white space between pairs; `null` for any other text. */
export function parseHexBytes(text: string): Uint8Array | null {
  const pairs = text.replace(/^0x/i, "");
  if (!/^[ \t-\r]*(?:[0-9a-f]{2}[ \t-\r]*)*$/i.test(pairs)) return null;
  const digits = pairs.replace(/[ \t-\r]+/g, "");
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
