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

/** Reads `0x` and an even number of hexadecimal digits; `null` for any other text. */
export function parseHexBytes(text: string): Uint8Array | null {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 + 2 * i, 4 + 2 * i), 16);
  return bytes;
}
