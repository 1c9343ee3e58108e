import { type ByteSink, type FilePart, type FileWriter, InternalError } from "@dlt/core";
import type { CopyColumn } from "./copy-type.js";
import type { CopyLayout } from "./file-format.js";
import { streamEnd, streamHead } from "./stream-head.js";

/** Appends parts between head and end. */
export class CopyFileWriter implements FileWriter {
  readonly #table: string;
  readonly #columns: readonly CopyColumn[];
  readonly #sink: ByteSink;
  #rowCount = 0;
  #bytes = 0;
  #closed = false;

  constructor(table: string, columns: readonly CopyColumn[], sink: ByteSink) {
    this.#table = table;
    this.#columns = columns;
    this.#sink = sink;
  }

  async write(part: FilePart): Promise<void> {
    if (this.#closed) throw unexpected(`A part was written to the closed file of table \`${this.#table}\`.`);
    if (!this.#isOwn(part.layout))
      throw unexpected(`A part was not encoded as pgcopy for the columns of table \`${this.#table}\`.`);
    if (part.rowCount === 0) return;
    if (this.#bytes === 0) await this.#append(streamHead(this.#columns));
    await this.#append(part.bytes);
    this.#rowCount += part.rowCount;
  }

  async close(): Promise<{ readonly rowCount: number; readonly bytes: number }> {
    this.#closed = true;
    if (this.#bytes === 0) await this.#append(streamHead(this.#columns));
    await this.#append(streamEnd);
    await this.#sink.close();
    return { rowCount: this.#rowCount, bytes: this.#bytes };
  }

  #isOwn(layout: unknown): boolean {
    if (typeof layout !== "object" || layout === null) return false;
    const { format, columns } = layout as Partial<CopyLayout>;
    const own = this.#columns;
    return (
      format === "pgcopy" &&
      columns?.length === own.length &&
      own.every(({ name, type }, index) => columns[index]?.name === name && columns[index]?.type === type)
    );
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    await this.#sink.write(bytes);
  }
}

function unexpected(message: string): InternalError {
  return new InternalError("INTERNAL_STATE_UNEXPECTED", message);
}
