import { type ColumnBatch, SourceError } from "@dlt/core";
import {
  batchBytes,
  type ColumnsItem,
  cutBatch,
  encodePage,
  type Item,
  plainValue,
  type RowsItem,
  sameRows,
  type TextItem,
} from "@dlt/core/engine";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import { ChunkBuffer } from "./chunk-buffer.js";
import { ColumnsBuffer } from "./columns-buffer.js";
import { cutText } from "./cut-text.js";
import { isOwnText } from "./own-text.js";
import type { ResourceTables } from "./resource-tables.js";

export interface ChunkSizes {
  /** Of the first chunk of a package, so that its way is short. */
  readonly firstChunkBytes: number;
  /** Of every other; a chunk is closed once it is larger. */
  readonly chunkBytes: number;
  /** That all chunks being filled may have together. */
  readonly bufferBytes: number;
}

export interface ChunkWriterOptions extends ChunkSizes {
  readonly firstIndex: number;
  /** Resolves once the bytes are where they can be read again. */
  write(entry: ChunkEntry, data: Uint8Array): Promise<void>;
}

/** What a resource wrote. */
export interface Written {
  /** `null` when text was passed through uncounted. */
  readonly rowCount: number | null;
  readonly bytes: number;
}

interface Progress {
  rowCount: number | null;
  bytes: number;
  /** Rows, or lines where rows are not counted. */
  position: number;
}

/** Lines of a resource on their way into a chunk. */
interface Lines {
  readonly bytes: Uint8Array;
  readonly rowCount: number | null;
  readonly numbers: "text" | "objects";
  /** Nobody else uses the buffer. */
  readonly isOwn: boolean;
}

/** So many bytes of text are encoded or cut at a time. */
const sliceBytes = 1024 * 1024;

/** Gathers items into chunks: one is being filled for each resource and table. */
export class ChunkWriter {
  /** The chunks that were written, in order. */
  readonly entries: ChunkEntry[] = [];
  readonly #options: ChunkWriterOptions;
  readonly #buffers = new Map<string, ChunkBuffer | ColumnsBuffer>();
  readonly #progress = new Map<string, Progress>();
  #bufferedBytes = 0;

  constructor(options: ChunkWriterOptions) {
    this.#options = options;
  }

  written(resource: string): Written {
    const { rowCount, bytes } = this.#progressOf(resource);
    return { rowCount, bytes };
  }

  hasRows(resource: string): boolean {
    return this.#progressOf(resource).position > 0;
  }

  /** How many rows of a resource make up about so many bytes, as far as its rows so far tell. */
  rowsFor(resource: string, bytes: number): number {
    const { position, bytes: written } = this.#progressOf(resource);
    if (position === 0) return 100;
    return Math.max(1, Math.min(Math.floor((bytes * position) / written), 10_000));
  }

  /** Adds an item of a resource. Gives the chunks that became full, each already written. */
  async *add(resource: string, item: Item, tables: ResourceTables): AsyncGenerator<Chunk> {
    if (item.mark !== null) tables.apply(item.mark);
    const page = item.kind !== "rows" && tables.dependOnRow(item.mark) ? sameRows(item) : item;
    if (page.kind === "rows") {
      for (const { table, rows } of routed(page, tables)) yield* this.#addRows(resource, { table, rows, page, tables });
      return;
    }
    const table = tables.tableOf(page.mark);
    if (table === null) return;
    switch (page.kind) {
      case "text":
        yield* this.#addText(resource, { table, page, tables });
        return;
      case "columns":
        yield* this.#addColumns(resource, { table, page, tables });
        return;
      case "encoded":
        throw new SourceError(
          "PAGE_ENCODING_UNSUPPORTED",
          `A page is encoded as \`${page.encoded.codec}\`, which no load file of this destination can hold.`,
          { hint: "Yield rows, JSON text or columns instead." },
        );
    }
  }

  /** Closes the chunks of a resource that has no more rows. */
  async *finish(resource: string): AsyncGenerator<Chunk> {
    for (const [key, buffer] of [...this.#buffers]) {
      if (buffer.options.resource === resource) yield await this.#close(key, buffer);
    }
  }

  async *#addRows(
    resource: string,
    {
      table,
      rows,
      page,
      tables,
    }: {
      readonly table: string;
      readonly rows: readonly unknown[];
      readonly page: RowsItem;
      readonly tables: ResourceTables;
    },
  ): AsyncGenerator<Chunk> {
    for (let from = 0; from < rows.length; ) {
      const slice = rows.slice(from, from + this.rowsFor(resource, sliceBytes));
      const firstRow = this.#progressOf(resource).position;
      const encoded = encodePage(slice, { firstRow, maxBytes: 8 * sliceBytes });
      const numbers = page.numbers === "text" ? "text" : encoded.numbers;
      const lines = { bytes: encoded.bytes, rowCount: encoded.rowCount, numbers, isOwn: false };
      yield* this.#append(resource, table, lines, tables);
      from += encoded.rowCount;
    }
  }

  async *#addText(
    resource: string,
    { table, page, tables }: { readonly table: string; readonly page: TextItem; readonly tables: ResourceTables },
  ): AsyncGenerator<Chunk> {
    const { chunkBytes } = this.#options;
    const sizes = { wholeBytes: chunkBytes, pieceBytes: Math.min(sliceBytes, Math.ceil(chunkBytes / 4)) };
    for (const { bytes, rowCount } of cutText(page.text, sizes)) {
      const isOwn = isOwnText(page.text) && bytes === page.text.jsonText;
      yield* this.#append(resource, table, { bytes, rowCount, numbers: "text", isOwn }, tables);
    }
  }

  async *#append(resource: string, table: string, lines: Lines, tables: ResourceTables): AsyncGenerator<Chunk> {
    const { bytes, rowCount, numbers, isOwn } = lines;
    const key = `${resource}\0${table}`;
    let buffer = this.#buffers.get(key);
    if (
      buffer !== undefined &&
      (buffer instanceof ColumnsBuffer ||
        buffer.options.numbers !== numbers ||
        tables.hasPending(table) ||
        this.#isLarge(bytes, isOwn))
    ) {
      yield await this.#close(key, buffer);
      buffer = undefined;
    }
    const position = rowCount ?? lineCount(bytes);
    const firstRow = this.#count(resource, { rowCount, bytes: bytes.byteLength, position });
    if (buffer === undefined) {
      buffer = new ChunkBuffer({ resource, table, numbers, firstRow, update: tables.takePending(table) });
      this.#buffers.set(key, buffer);
    }
    this.#bufferedBytes -= buffer.bytes;
    buffer.add(bytes, rowCount, isOwn);
    this.#bufferedBytes += buffer.bytes;
    if (buffer.bytes >= this.#fullBytes() || this.#isLarge(bytes, isOwn)) yield await this.#close(key, buffer);
    else if (this.#bufferedBytes > this.#options.bufferBytes) yield* this.#closeLargest();
  }

  async *#addColumns(
    resource: string,
    { table, page, tables }: { readonly table: string; readonly page: ColumnsItem; readonly tables: ResourceTables },
  ): AsyncGenerator<Chunk> {
    for (const batch of page.batches) {
      for (const piece of cutBatch(batch, this.#options.chunkBytes))
        yield* this.#addBatch(resource, table, piece, tables);
    }
  }

  async *#addBatch(resource: string, table: string, batch: ColumnBatch, tables: ResourceTables): AsyncGenerator<Chunk> {
    const key = `${resource}\0${table}`;
    const open = this.#buffers.get(key);
    const bytes = batchBytes(batch);
    const isFull = open !== undefined && open.bytes > 0 && open.bytes + bytes > this.#options.chunkBytes;
    const goesOn = open instanceof ColumnsBuffer && open.takes(batch) && !tables.hasPending(table) && !isFull;
    if (open !== undefined && !goesOn) yield await this.#close(key, open);
    const { rowCount } = batch;
    const firstRow = this.#count(resource, { rowCount, bytes, position: rowCount });
    const buffer = goesOn
      ? open
      : new ColumnsBuffer({ resource, table, numbers: "text", firstRow, update: tables.takePending(table) });
    this.#buffers.set(key, buffer);
    buffer.add(batch);
    this.#bufferedBytes += bytes;
    if (buffer.bytes >= this.#fullBytes()) yield await this.#close(key, buffer);
    else if (this.#bufferedBytes > this.#options.bufferBytes) yield* this.#closeLargest();
  }

  async *#closeLargest(): AsyncGenerator<Chunk> {
    const [largest] = [...this.#buffers].sort(([, a], [, b]) => b.bytes - a.bytes);
    if (largest !== undefined) yield await this.#close(...largest);
  }

  async #close(key: string, buffer: ChunkBuffer | ColumnsBuffer): Promise<Chunk> {
    this.#buffers.delete(key);
    this.#bufferedBytes -= buffer.bytes;
    const framing = buffer instanceof ColumnsBuffer ? "columns" : "lines";
    return await this.#write({ ...buffer.options, framing, rowCount: buffer.rowCount }, buffer.content());
  }

  async #write(file: Omit<ChunkEntry, "index" | "file" | "bytes">, data: Uint8Array): Promise<Chunk> {
    const index = this.#options.firstIndex + this.entries.length;
    const extension = file.framing === "columns" ? "columns" : "jsonl";
    const name = `${String(index).padStart(6, "0")}.${extension}`;
    const entry: ChunkEntry = { index, ...file, file: name, bytes: data.byteLength };
    await this.#options.write(entry, data);
    this.entries.push(entry);
    return { entry, data };
  }

  /** Text that makes a chunk of its own, because that saves a copy. */
  #isLarge(bytes: Uint8Array, isOwn: boolean): boolean {
    return isOwn && bytes.byteLength >= this.#fullBytes() / 2;
  }

  #fullBytes(): number {
    const { firstIndex, firstChunkBytes, chunkBytes } = this.#options;
    return firstIndex + this.entries.length === 0 ? Math.min(firstChunkBytes, chunkBytes) : chunkBytes;
  }

  /** Notes what a resource writes next; gives the number of rows before. */
  #count(resource: string, more: Progress): number {
    const progress = this.#progressOf(resource);
    const before = progress.position;
    this.#progress.set(resource, {
      rowCount: progress.rowCount === null || more.rowCount === null ? null : progress.rowCount + more.rowCount,
      bytes: progress.bytes + more.bytes,
      position: before + more.position,
    });
    return before;
  }

  #progressOf(resource: string): Progress {
    return this.#progress.get(resource) ?? { rowCount: 0, bytes: 0, position: 0 };
  }
}

/** Rows by their tables; those that a contract refuses are left out. */
function routed(page: RowsItem, tables: ResourceTables): ReturnType<ResourceTables["route"]> {
  if (tables.dependOnRow(page.mark)) {
    const seen = page.numbers === "text" ? page.rows.map(plainValue) : page.rows;
    return tables.route(page.rows, seen, page.mark);
  }
  const table = tables.tableOf(page.mark);
  return table === null ? [] : [{ table, rows: page.rows }];
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
