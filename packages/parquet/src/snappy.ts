/** Matches are searched within blocks of this many bytes, so that their distance fits in two bytes. */
const blockBytes = 1 << 16;
const tableBits = 14;
/** A block ends with a literal; what is nearer to its end than this is not searched. */
const margin = 15;

interface Output {
  readonly bytes: Uint8Array;
  length: number;
}

/**
 * Compresses as https://github.com/google/snappy/blob/main/format_description.txt (raw, without framing): greedy, with steps that
 * grow where nothing matches.
 */
export function snappy(bytes: Uint8Array): Uint8Array {
  const out: Output = { bytes: new Uint8Array(32 + bytes.length + Math.ceil(bytes.length / 6)), length: 0 };
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) out.bytes[out.length++] = (rest & 0x7f) | 0x80;
  out.bytes[out.length++] = rest;
  const table = new Uint16Array(1 << tableBits);
  for (let start = 0; start < bytes.length; start += blockBytes) {
    table.fill(0);
    compressBlock(out, bytes.subarray(start, start + blockBytes), table);
  }
  return out.bytes.subarray(0, out.length);
}

function compressBlock(out: Output, block: Uint8Array, table: Uint16Array): void {
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const limit = block.length - margin;
  let literal = 0;
  let at = 1;
  for (let misses = 32; at < limit; misses++) {
    const word = view.getInt32(at, true);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - tableBits);
    const candidate = table[slot] as number;
    table[slot] = at;
    if (view.getInt32(candidate, true) !== word) {
      at += misses >> 5;
      continue;
    }
    let end = at + 4;
    while (end < block.length && block[end] === block[candidate + end - at]) end++;
    writeLiteral(out, block, literal, at);
    writeCopy(out, at - candidate, end - at);
    literal = end;
    at = end;
    misses = 32;
  }
  writeLiteral(out, block, literal, block.length);
}

function writeLiteral(out: Output, block: Uint8Array, from: number, to: number): void {
  if (from === to) return;
  const { bytes } = out;
  const last = to - from - 1;
  if (last < 60) {
    bytes[out.length++] = last << 2;
  } else if (last < 0x100) {
    bytes[out.length++] = 60 << 2;
    bytes[out.length++] = last;
  } else {
    bytes[out.length++] = 61 << 2;
    bytes[out.length++] = last;
    bytes[out.length++] = last >> 8;
  }
  if (last < 64) for (let at = from; at < to; at++) bytes[out.length++] = block[at] as number;
  else {
    bytes.set(block.subarray(from, to), out.length);
    out.length += to - from;
  }
}

function writeCopy(out: Output, distance: number, length: number): void {
  let rest = length;
  // A copy is of 1 to 64 bytes; what remains for the last has to be 4 at least to be short.
  for (; rest >= 68; rest -= 64) writeLongCopy(out, distance, 64);
  if (rest > 64) {
    writeLongCopy(out, distance, 60);
    rest -= 60;
  }
  if (rest >= 12 || distance >= 2048) {
    writeLongCopy(out, distance, rest);
  } else {
    out.bytes[out.length++] = ((distance >> 8) << 5) | ((rest - 4) << 2) | 1;
    out.bytes[out.length++] = distance;
  }
}

function writeLongCopy(out: Output, distance: number, length: number): void {
  out.bytes[out.length++] = ((length - 1) << 2) | 2;
  out.bytes[out.length++] = distance;
  out.bytes[out.length++] = distance >> 8;
}
