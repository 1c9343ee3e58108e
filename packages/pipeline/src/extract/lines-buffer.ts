import { PartBuffer } from "./part-buffer.js";

/** A piece of text. */
interface Lines {
  readonly bytes: Uint8Array;
  /** Nobody else uses the buffer. */
  readonly isOwn: boolean;
}

/** Lines that will become a chunk. */
export class LinesBuffer extends PartBuffer<Lines> {
  protected readonly framing = "lines";

  add(lines: Lines & { readonly rowCount: number | null; readonly position: number }): void {
    const { rowCount, position } = lines;
    this.push({ content: lines, rowCount, position, bytes: sizeOf(lines) });
  }

  /** All lines in a buffer of their own. */
  protected joined(lines: readonly Lines[]): Uint8Array {
    const [only, ...others] = lines;
    if (only?.isOwn === true && others.length === 0 && endsWithSpace(only.bytes)) return only.bytes;
    const content = new Uint8Array(lines.reduce((sum, each) => sum + sizeOf(each), 0));
    let position = 0;
    for (const each of lines) {
      content.set(each.bytes, position);
      position += sizeOf(each);
      if (!endsWithSpace(each.bytes)) content[position - 1] = lineBreak;
    }
    return content;
  }
}

/** With the line break that they may lack. */
function sizeOf({ bytes }: Lines): number {
  return bytes.byteLength + (endsWithSpace(bytes) ? 0 : 1);
}

const lineBreak = 0x0a;

function endsWithSpace(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? lineBreak) <= 0x20;
}
