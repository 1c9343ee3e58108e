/** Bytes after those that were reserved, which may be written over but not kept. */
const slack = 8;

/** Bytes that grow at the end. `bytes` and `view` are replaced when the buffer grows: fetch them after `reserve`. */
export class ByteBuffer {
  bytes: Uint8Array;
  view: DataView;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `count` bytes after `length`, and for a word that reaches over their end. */
  reserve(count: number): void {
    const needed = this.length + count + slack;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Four bytes, least significant first. */
  int32(value: number): void {
    this.reserve(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  /** Unsigned LEB128 of an integer up to 2^53. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Makes the next `count` bytes part of the buffer, for the caller to fill. */
  take(count: number): Uint8Array {
    this.reserve(count);
    this.length += count;
    return this.bytes.subarray(this.length - count, this.length);
  }

  /** What was written, in the memory of the buffer. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Bytes that `ByteBuffer.varint` writes for `value`. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 0x80); rest > 0; rest = Math.floor(rest / 0x80)) length++;
  return length;
}
