/** UTF-8 text that grows at the end. `bytes` is replaced when it grows: fetch it after `reserve`. */
export class TextBuffer {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  /** Makes room for `count` bytes after `length`. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends `source[from … to]`. */
  append(source: Uint8Array, from: number, to: number): void {
    const count = to - from;
    this.reserve(count);
    const { bytes } = this;
    let at = this.length;
    // Below this, a loop is faster than the view that `set` needs.
    if (count < 64) for (let i = from; i < to; i++) bytes[at++] = source[i] as number;
    else bytes.set(source.subarray(from, to), at);
    this.length += count;
  }

  /** Appends text of ASCII characters. */
  ascii(text: string): void {
    this.reserve(text.length);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** A copy of what was written, which can be given away. */
  copy(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
