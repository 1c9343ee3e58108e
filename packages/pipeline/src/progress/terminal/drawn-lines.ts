import type { ProgressTerminal } from "./live-lines.js";
import type { Line, Look } from "./look.js";

/** More lines than this move the eye more than they tell. */
const mostRows = 20;

/**
 * Lines at the end of a terminal that are drawn again in place. By hand, because the libraries for this erase as many rows as they drew:
 * lines that the terminal wrapped anew when its window became narrower would stay behind, and so would what others write in between.
 */
export class DrawnLines {
  readonly #terminal: ProgressTerminal;
  readonly #look: Look;
  /** As it was when this was made: what takes its place later is told of what others write. */
  readonly #write: (text: string) => unknown;
  /** As they stand there; the cursor is below them. */
  #drawn: readonly string[] = [];
  #columns = 0;
  /** Somebody else is in the middle of a line, such as a question. */
  #isWaiting = false;

  constructor(terminal: ProgressTerminal, look: Look) {
    this.#terminal = terminal;
    this.#look = look;
    this.#write = terminal.write.bind(terminal);
  }

  /** The last row is that of the cursor. */
  get maxRows(): number {
    return Math.max(0, Math.min(mostRows, (this.#terminal.rows || 24) - 1));
  }

  draw(lines: readonly Line[]): void {
    if (this.#isWaiting) return;
    const columns = this.#terminal.columns || 80;
    // The last column stays free: terminals differ in what they do behind it.
    const shown = lines.slice(0, this.maxRows).map((line) => this.#look.show(line, Math.max(1, columns - 1)));
    const isInPlace = columns === this.#columns;
    if (isInPlace && shown.join("\n") === this.#drawn.join("\n")) return;
    // Written over rather than erased first, so that nothing flickers.
    const way = isInPlace ? this.#upwards() : `${this.#upwards()}${eraseBelow}`;
    this.#write(`${way}${shown.map((line) => `${line}${eraseRight}\n`).join("")}${eraseBelow}`);
    this.#drawn = shown;
    this.#columns = columns;
  }

  /** Makes room for what others write. */
  erase(): void {
    if (this.#drawn.length > 0) this.#write(`${this.#upwards()}${eraseBelow}`);
    this.#drawn = [];
  }

  /** Somebody wrote a text after `erase`. */
  noteOther(text: string): void {
    if (text !== "") this.#isWaiting = !text.endsWith("\n");
  }

  /** Erases the lines and leaves one that stays. */
  leave(line: Line): void {
    this.erase();
    if (this.#isWaiting) return;
    this.#write(`${this.#look.show(line, Math.max(1, (this.#terminal.columns || 80) - 1))}\n`);
  }

  /** To the start of the first line. One that is wider than the terminal is now takes several rows. */
  #upwards(): string {
    if (this.#drawn.length === 0) return "";
    const columns = this.#terminal.columns || 80;
    const rowsOf = (line: string): number => Math.max(1, Math.ceil(this.#look.columnsOf(line) / columns));
    const rows = this.#drawn.reduce((sum, line) => sum + rowsOf(line), 0);
    // What is above the window cannot be reached.
    return `\u001b[${Math.min(rows, (this.#terminal.rows || 24) - 1)}A\r`;
  }
}

const eraseRight = "\u001b[K";
const eraseBelow = "\u001b[J";
