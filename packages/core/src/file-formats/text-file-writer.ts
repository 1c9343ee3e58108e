import type { ByteSink, FilePart, FileTable, FileWriter } from "../contract/file-format.js";
import { InternalError } from "../errors/index.js";

/** What `FilePart.layout` of a format of text is: parts go only into files that were opened for the same columns. */
export interface TextLayout {
  readonly format: string;
  readonly columns: readonly string[];
}

export function textLayout(format: string, { columns }: FileTable): TextLayout {
  return { format, columns: columns.map(({ name }) => name) };
}

export interface TextFileOptions {
  readonly format: string;
  readonly table: FileTable;
  readonly sink: ByteSink;
  /** Begins the file, also one without rows. Default: nothing. */
  readonly header?: Uint8Array;
}

/** Appends parts as they are. */
export class TextFileWriter implements FileWriter {
  private readonly table: string;
  private readonly layout: TextLayout;
  private readonly sink: ByteSink;
  /** `null` once it is written. */
  private header: Uint8Array | null;
  private rowCount = 0;
  private bytes = 0;
  private closed = false;

  constructor({ format, table, sink, header = new Uint8Array(0) }: TextFileOptions) {
    this.table = table.name;
    this.layout = textLayout(format, table);
    this.sink = sink;
    this.header = header;
  }

  async write(part: FilePart): Promise<void> {
    if (this.closed) throw unexpected(`A part was written to the closed file of table \`${this.table}\`.`);
    if (!this.isOwn(part.layout)) {
      throw unexpected(`A part was not encoded as ${this.layout.format} for the columns of table \`${this.table}\`.`);
    }
    await this.writeHeader();
    await this.append(part.bytes);
    this.rowCount += part.rowCount;
  }

  async close(): Promise<{ readonly rowCount: number; readonly bytes: number }> {
    this.closed = true;
    await this.writeHeader();
    await this.sink.close();
    return { rowCount: this.rowCount, bytes: this.bytes };
  }

  private isOwn(layout: unknown): boolean {
    if (typeof layout !== "object" || layout === null) return false;
    const { format, columns } = layout as Partial<TextLayout>;
    const own = this.layout;
    return (
      format === own.format &&
      columns?.length === own.columns.length &&
      own.columns.every((name, index) => name === columns[index])
    );
  }

  private async writeHeader(): Promise<void> {
    const { header } = this;
    this.header = null;
    if (header !== null) await this.append(header);
  }

  private async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.bytes += bytes.length;
    await this.sink.write(bytes);
  }
}

function unexpected(message: string): InternalError {
  return new InternalError("INTERNAL_STATE_UNEXPECTED", message);
}
