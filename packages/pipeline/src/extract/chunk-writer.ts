import { type ColumnBatch, type Mark, type Rejection, SourceError } from "@dlt/core";
import {
  batchBytes,
  type ColumnsItem,
  cutBatch,
  type FileItem,
  type Item,
  type ModelItem,
  type RowsItem,
  rowsItem,
  sameRows,
} from "@dlt/core/engine";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { type ChunkFiles, smallBytes } from "./chunk-files.js";
import { ChunkOutput } from "./chunk-output.js";
import { ColumnsBuffer } from "./columns-buffer.js";
import { LinesBuffer } from "./lines-buffer.js";
import type { ModelPlace } from "./model-file.js";
import { type OpenBuffer, OpenBuffers } from "./open-buffers.js";
import { type Lines, linesOfRows, linesOfText } from "./page-lines.js";
import type { ResourceTables, RowTarget } from "./resource-tables.js";
import { bufferKey, hasPending, type RowPlace, routed } from "./row-place.js";
import { columnsUnknown, notRejectable, type WholeFile } from "./whole-file.js";
import { type Written, WrittenRows } from "./written-rows.js";

export interface ChunkSizes {
  /** Of the first chunk of a package, so that its way is short; the next ones grow from that, and threads have work early. */
  readonly firstChunkBytes: number;
  /** At most; a chunk is closed once it is larger. */
  readonly chunkBytes: number;
  /** That all chunks being filled may have together. */
  readonly bufferBytes: number;
}

export interface ChunkWriterOptions extends ChunkSizes {
  /** Where they are held, chunks get only what is complete of a resource. */
  readonly files: ChunkFiles;
  /** Writes rejected rows into chunks of their own; otherwise they are dropped. */
  readonly keepsRejects: boolean;
  /** Makes the load file of an item that has none of its rows on the way. */
  wholeFile(item: FileItem, resource: string): Promise<WholeFile>;
  /** The same for a query; `null` when the contract leaves nothing of its rows. */
  modelFile(item: ModelItem, place: Pick<ModelPlace, "resource" | "table" | "tables">): Promise<WholeFile | null>;
  /** True when something tells the columns of a table. */
  hasColumns(table: string): boolean;
}

/** Rows that the schema of a resource's rows rejects, with the mark of their page. */
export interface RejectedRows {
  readonly rows: readonly unknown[];
  readonly rejection: Rejection;
  readonly mark: Mark | null;
}

/** Gathers items into chunks: one is being filled for each resource and table. */
export class ChunkWriter {
  readonly #options: ChunkWriterOptions;
  readonly #output: ChunkOutput;
  readonly #buffers = new OpenBuffers();
  readonly #written = new WrittenRows();
  readonly #tablesWithRows = new Set<string>();

  constructor(options: ChunkWriterOptions) {
    this.#options = options;
    this.#output = new ChunkOutput(options.files);
  }

  /** Rows and bytes of a resource so far, also of those that are held. */
  written(resource: string): Written {
    return this.#written.of(resource);
  }

  hasRows(resource: string): boolean {
    return this.#written.hasAny(resource);
  }

  /** How many rows of a resource make up about so many bytes, as far as its rows so far tell. */
  rowsFor(resource: string, bytes: number): number {
    return this.#written.rowsFor(resource, bytes);
  }

  /** Adds an item of a resource. Gives the chunks that became full, each already written. */
  async *add(resource: string, item: Item, tables: ResourceTables): AsyncGenerator<Chunk> {
    if (item.mark !== null) tables.apply(item.mark);
    const page = item.kind !== "rows" && tables.dependOnRow(item.mark) ? sameRows(item) : item;
    if (page.kind === "rows") {
      for (const { rows, ...target } of routed(page, tables))
        yield* this.#addRows({ resource, target, tables }, rows, page.numbers);
      return;
    }
    const place = { resource, target: tables.targetOf(page.mark), tables };
    if (this.#isDropped(place.target)) return;
    switch (page.kind) {
      case "text":
        for (const lines of linesOfText(page, this.#options.chunkBytes)) yield* this.#addLines(place, lines);
        return;
      case "columns":
        yield* this.#addColumns(place, page);
        return;
      case "file":
      case "model":
        yield* this.#addFile(place, page);
        return;
      case "encoded":
        throw new SourceError(
          "PAGE_ENCODING_UNSUPPORTED",
          `A page is encoded as \`${page.encoded.codec}\`, which no load file of this destination can hold.`,
          { hint: "Yield rows, JSON text or columns instead." },
        );
    }
  }

  /** Adds rows that were rejected before it was known where they go. */
  async *addRejected(resource: string, rejected: RejectedRows, tables: ResourceTables): AsyncGenerator<Chunk> {
    const { rows, rejection, mark } = rejected;
    for (const { table, rows: group } of routed(rowsItem(rows, { mark }), tables))
      yield* this.#addRows({ resource, target: { table, rejection }, tables }, group, "objects");
  }

  /**
   * All rows of these resources so far are complete: what is held of them becomes part of the package. Their chunks are filled
   * further.
   */
  async *complete(resources: ReadonlySet<string>): AsyncGenerator<Chunk> {
    yield* this.#output.release(resources);
    for (const [, buffer] of this.#buffers.of(resources)) buffer.markComplete();
  }

  /** Closes the chunks of resources that have no more rows. Small ones wait for others to share a file with. */
  async *finish(resources: ReadonlySet<string>): AsyncGenerator<Chunk> {
    yield* this.complete(resources);
    for (const [key, buffer] of this.#buffers.of(resources)) {
      if (buffer.bytes > smallBytes) {
        yield* this.#close(key, buffer);
        continue;
      }
      this.#buffers.close(key, buffer);
      this.#output.keepLast(buffer.takeAll());
    }
    yield* this.#output.flush({ ifMuch: true });
  }

  /** Writes what waits for others. */
  async *flush(): AsyncGenerator<Chunk> {
    yield* this.#output.flush();
  }

  /** Closes what is complete of all chunks, so that the package can end here. */
  async *closeComplete(): AsyncGenerator<Chunk> {
    for (const buffer of this.#buffers.all) yield* this.#writeComplete(buffer);
    yield* this.flush();
  }

  /** What is declared of tables and is in no package, because rows of them are not. */
  openUpdates(): readonly JsonValueDocument[] {
    return this.#output.openUpdates;
  }

  async *#addRows(place: RowPlace, rows: readonly unknown[], numbers: RowsItem["numbers"]): AsyncGenerator<Chunk> {
    const { resource, target } = place;
    if (this.#isDropped(target)) return;
    const lines = linesOfRows(rows, {
      numbers,
      rowsFor: (bytes) => this.rowsFor(resource, bytes),
      firstRow: () => this.#written.rowsBefore(resource),
    });
    for (const each of lines) yield* this.#addLines(place, each);
  }

  async *#addLines(place: RowPlace, lines: Lines): AsyncGenerator<Chunk> {
    const { bytes, position, numbers } = lines;
    const key = bufferKey(place);
    const open = this.#buffers.get(key);
    const goesOn =
      open instanceof LinesBuffer && open.place.numbers === numbers && !hasPending(place) && !this.#isLarge(lines);
    if (open !== undefined && !goesOn) yield* this.#close(key, open);
    const firstRow = this.#count(place, { bytes: bytes.byteLength, position });
    const buffer = goesOn ? open : new LinesBuffer({ ...this.#output.begin(place), numbers, firstRow });
    if (!goesOn) this.#buffers.open(key, buffer);
    this.#buffers.change(buffer, () => buffer.add(lines));
    if (this.#isLarge(lines)) yield* this.#close(key, buffer);
    else yield* this.#closeWhatIsFull(key, buffer);
  }

  async *#addColumns(place: RowPlace, page: ColumnsItem): AsyncGenerator<Chunk> {
    for (const batch of page.batches) {
      for (const piece of cutBatch(batch, this.#options.chunkBytes)) yield* this.#addBatch(place, piece);
    }
  }

  async *#addBatch(place: RowPlace, batch: ColumnBatch): AsyncGenerator<Chunk> {
    const key = bufferKey(place);
    const open = this.#buffers.get(key);
    const bytes = batchBytes(batch);
    const isFull = open !== undefined && open.bytes > 0 && open.bytes + bytes > this.#options.chunkBytes;
    const goesOn = open instanceof ColumnsBuffer && open.takes(batch) && !hasPending(place) && !isFull;
    if (open !== undefined && !goesOn) yield* this.#close(key, open);
    const firstRow = this.#count(place, { bytes, position: batch.rowCount });
    const buffer = goesOn ? open : new ColumnsBuffer({ ...this.#output.begin(place), numbers: "text", firstRow });
    if (!goesOn) this.#buffers.open(key, buffer);
    this.#buffers.change(buffer, () => buffer.add(batch));
    yield* this.#closeWhatIsFull(key, buffer);
  }

  /** What came before it is in chunks before. */
  async *#addFile(place: RowPlace, item: FileItem | ModelItem): AsyncGenerator<Chunk> {
    const { resource, target } = place;
    const { table, rejection } = target;
    if (rejection !== null) throw notRejectable(table);
    const { wholeFile, modelFile, hasColumns } = this.#options;
    if (item.kind === "file" && !hasColumns(table) && !this.#tablesWithRows.has(table)) throw columnsUnknown(table);
    const made =
      item.kind === "file"
        ? await wholeFile(item, resource)
        : await modelFile(item, { resource, table, tables: place.tables });
    if (made === null) return;
    const { content, loadFile, rowCount } = made;
    const key = bufferKey(place);
    const open = this.#buffers.get(key);
    if (open !== undefined) yield* this.#close(key, open);
    const firstRow = this.#written.rowsBefore(resource);
    const bytes = content instanceof Uint8Array ? content.byteLength : content.bytes;
    this.#written.addFile(resource, { bytes, position: rowCount ?? 0 });
    const begun = { ...this.#output.begin(place), numbers: "text", firstRow } as const;
    yield* this.#output.writeOrHold({ place: begun, framing: "file", loadFile, rowCount, content });
  }

  async *#closeWhatIsFull(key: string, buffer: OpenBuffer): AsyncGenerator<Chunk> {
    if (buffer.bytes >= this.#fullBytes()) {
      // Of a chunk that is large enough, the rows behind the last complete one stay, so that there are few small chunks.
      if (this.#output.holds) yield* this.#writeComplete(buffer);
      if (buffer.bytes >= this.#fullBytes() / 2) yield* this.#close(key, buffer);
    } else if (this.#buffers.bytes > this.#options.bufferBytes) {
      const largest = this.#buffers.largest();
      if (largest !== undefined) yield* this.#close(...largest);
    }
  }

  async *#close(key: string, buffer: OpenBuffer): AsyncGenerator<Chunk> {
    if (this.#output.holds) yield* this.#writeComplete(buffer);
    this.#buffers.close(key, buffer);
    yield* this.#output.writeOrHold(buffer.takeAll());
  }

  async *#writeComplete(buffer: OpenBuffer): AsyncGenerator<Chunk> {
    yield* this.#output.write(this.#buffers.change(buffer, () => buffer.takeComplete()));
  }

  /** Text that makes a chunk of its own, because that saves a copy. */
  #isLarge({ bytes, isOwn }: Lines): boolean {
    return isOwn && bytes.byteLength >= this.#fullBytes() / 2;
  }

  #fullBytes(): number {
    const { firstChunkBytes, chunkBytes } = this.#options;
    return this.#output.holds ? chunkBytes : Math.min(firstChunkBytes * 4 ** this.#output.nextIndex, chunkBytes);
  }

  #isDropped({ rejection }: RowTarget): boolean {
    return rejection !== null && !this.#options.keepsRejects;
  }

  /** Notes what a resource writes next; gives the number of rows before. */
  #count({ resource, target }: RowPlace, more: Written): number {
    const before = this.#written.rowsBefore(resource);
    const isRejected = target.rejection !== null;
    if (!isRejected) this.#tablesWithRows.add(target.table);
    this.#written.add(resource, more, { isRejected });
    return before;
  }
}
