import { type FileHandle, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { ByteSink, FileFormat, FileTable, FileWriter } from "@dlt/core";
import { fileId, formatJobName, type JobName } from "@dlt/core/engine";
import type { ChunkEntry } from "../package/chunk.js";
import type { FileEntry } from "../package/manifest.js";
import { storageError } from "../workspace/storage-error.js";
import type { TablePart } from "./chunk-task.js";

interface OpenFile {
  readonly table: FileTable;
  readonly format: FileFormat;
  readonly columnsKey: string;
  readonly name: string;
  readonly id: string;
  readonly writer: FileWriter;
  readonly sink: DiskSink;
  bytes: number;
  rowCount: number;
}

export interface TableFilesOptions {
  readonly folder: string;
  readonly loadId: string;
  readonly maxFileBytes: number;
  readonly maxFileRows?: number | undefined;
  reached(point: "normalize.file.written"): void | Promise<void>;
}

/** The load files of a package: one open file per table, closed when it is large enough or when the table grows a column. */
export class TableFiles {
  private readonly options: TableFilesOptions;
  private readonly open = new Map<string, OpenFile>();
  private readonly counts = new Map<string, number>();
  private readonly written: FileEntry[] = [];

  constructor(options: TableFilesOptions) {
    this.options = options;
  }

  /** Appends rows of a table, which were encoded in the format. */
  async append({ table, part }: TablePart, format: FileFormat): Promise<void> {
    const columnsKey = JSON.stringify(table.columns);
    let file = this.open.get(table.name);
    const isFull = (file?.rowCount ?? 0) + part.rowCount > (this.options.maxFileRows ?? Number.POSITIVE_INFINITY);
    if (file !== undefined && (isFull || file.columnsKey !== columnsKey || file.format !== format)) {
      await this.finish(file);
      file = undefined;
    }
    file ??= this.start(table, { columnsKey, format });
    await file.writer.write(part);
    file.bytes += part.bytes.byteLength;
    file.rowCount += part.rowCount;
    if (file.bytes >= this.options.maxFileBytes) await this.finish(file);
  }

  /** Writes a file without rows. */
  async appendEmpty(table: FileTable, format: FileFormat): Promise<void> {
    await this.finish(this.start(table, { columnsKey: JSON.stringify(table.columns), format }));
  }

  /** Adds the file of a chunk as it is, behind the rows of its table that came before. */
  async link({ table, loadFile, rowCount, bytes }: ChunkEntry, linkTo: (path: string) => Promise<void>): Promise<void> {
    const open = this.open.get(table);
    if (open !== undefined) await this.finish(open);
    const { format = "", isCompressed = false } = loadFile ?? {};
    const { id, name } = this.nextName(table, { format, isCompressed });
    await linkTo(join(this.options.folder, name));
    this.written.push({ table, fileId: id, format, name, rowCount, bytes, isImported: true });
    await this.options.reached("normalize.file.written");
  }

  has(table: string): boolean {
    return this.counts.has(table);
  }

  /** Closes all files. They are on disk for good when this resolves. */
  async close(): Promise<readonly FileEntry[]> {
    for (const file of [...this.open.values()]) await this.finish(file);
    return this.written;
  }

  /** Closes what is open and deletes everything written. */
  async discard(): Promise<void> {
    for (const file of [...this.open.values()]) await this.finish(file);
    for (const { name } of this.written) await unlink(join(this.options.folder, name));
    this.written.length = 0;
    this.counts.clear();
  }

  /** Lets go of what is open, finished or not. */
  async abandon(): Promise<void> {
    const open = [...this.open.values()];
    this.open.clear();
    await Promise.all(open.map(({ sink }) => sink.abandon()));
  }

  private start(table: FileTable, { columnsKey, format }: Pick<OpenFile, "columnsKey" | "format">): OpenFile {
    const { id, name } = this.nextName(table.name, { format: format.extension });
    const sink = new DiskSink(join(this.options.folder, name));
    const file = { table, format, columnsKey, name, id, writer: format.open(table, sink), sink, bytes: 0, rowCount: 0 };
    this.open.set(table.name, file);
    return file;
  }

  private nextName(
    table: string,
    form: Pick<JobName, "format" | "isCompressed">,
  ): { readonly id: string; readonly name: string } {
    const number = this.counts.get(table) ?? 0;
    this.counts.set(table, number + 1);
    const id = fileId(this.options.loadId, table, number);
    return { id, name: formatJobName({ table, fileId: id, ...form }) };
  }

  private async finish(file: OpenFile): Promise<void> {
    this.open.delete(file.table.name);
    const { rowCount, bytes } = await file.writer.close();
    const format = file.format.name;
    this.written.push({ table: file.table.name, fileId: file.id, format, name: file.name, rowCount, bytes });
    await this.options.reached("normalize.file.written");
  }
}

/** A file on disk that is synced when it is closed. */
class DiskSink implements ByteSink {
  private readonly path: string;
  private handle: FileHandle | null = null;

  constructor(path: string) {
    this.path = path;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      this.handle ??= await open(this.path, "w");
      for (let at = 0; at < bytes.byteLength; ) at += (await this.handle.write(bytes, at)).bytesWritten;
    } catch (error) {
      throw storageError(error, { action: "write", path: this.path });
    }
  }

  async abandon(): Promise<void> {
    await this.handle?.close();
    this.handle = null;
  }

  async close(): Promise<void> {
    try {
      this.handle ??= await open(this.path, "w");
      await this.handle.sync();
      await this.handle.close();
      this.handle = null;
    } catch (error) {
      throw storageError(error, { action: "write", path: this.path });
    }
  }
}
