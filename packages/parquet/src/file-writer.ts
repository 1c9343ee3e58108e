import type { ByteSink, FilePart, FileTable, FileWriter } from "@dlt/core";
import { InternalError } from "@dlt/core";
import { ByteBuffer } from "./byte-buffer.js";
import type { RowGroup } from "./footer.js";
import { writeFooter } from "./footer.js";
import { isPartLayout } from "./part-layout.js";
import { physicalType } from "./physical-type.js";

const magic = new TextEncoder().encode("PAR1");

/** Appends parts as row groups; the footer, which says where they are, is written at the end. */
export class ParquetFileWriter implements FileWriter {
  readonly #table: FileTable;
  readonly #types: readonly number[];
  readonly #sink: ByteSink;
  readonly #rowGroups: RowGroup[] = [];
  #bytes = 0;
  #closed = false;

  constructor(table: FileTable, sink: ByteSink) {
    this.#table = table;
    this.#types = table.columns.map((column) => physicalType(column).type);
    this.#sink = sink;
  }

  async write(part: FilePart): Promise<void> {
    const { rowCount, bytes, layout } = part;
    if (this.#closed)
      throw new InternalError(
        "INTERNAL_STATE_UNEXPECTED",
        `A part was written to the closed file of table \`${this.#table.name}\`.`,
      );
    if (!isPartLayout(layout, this.#types)) {
      throw new InternalError(
        "INTERNAL_STATE_UNEXPECTED",
        `A part was not encoded as Parquet for the columns of table \`${this.#table.name}\`.`,
      );
    }
    if (rowCount === 0) return;
    const stored = this.#bytes === 0 ? joined(magic, bytes) : bytes;
    this.#rowGroups.push({ rowCount, offset: this.#bytes + stored.length - bytes.length, chunks: layout.chunks });
    this.#bytes += stored.length;
    await this.#sink.write(stored);
  }

  async close(): Promise<{ readonly rowCount: number; readonly bytes: number }> {
    this.#closed = true;
    const end = new ByteBuffer(1024);
    if (this.#bytes === 0) end.append(magic);
    writeFooter(end, this.#table, this.#rowGroups);
    end.append(magic);
    await this.#sink.write(end.written());
    await this.#sink.close();
    return {
      rowCount: this.#rowGroups.reduce((sum, group) => sum + group.rowCount, 0),
      bytes: this.#bytes + end.length,
    };
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
