import { type ColumnBatch, type Mark, type Rejection, SourceError } from "@dlt/core";
import {
  batchBytes,
  type ColumnsItem,
  cutBatch,
  encodePage,
  type FileItem,
  type Item,
  type ModelItem,
  plainValue,
  type RowsItem,
  rowsItem,
  sameRows,
  type TextItem,
} from "@dlt/core/engine";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { type ChunkFiles, sharedFileBytes, smallBytes } from "./chunk-files.js";
import type { ChunkPart, ChunkPlace } from "./chunk-part.js";
import { ColumnsBuffer } from "./columns-buffer.js";
import { cutText } from "./cut-text.js";
import { LinesBuffer } from "./lines-buffer.js";
import type { ModelPlace } from "./model-file.js";
import { OpenUpdates } from "./open-updates.js";
import { isOwnText } from "./own-text.js";
import type { ResourceTables, RowTarget, TableRows } from "./resource-tables.js";
import { columnsUnknown, notRejectable, type WholeFile } from "./whole-file.js";

export interface ChunkSizes {
  /** Of the first chunk of a package, so that its way is short. */
  readonly firstChunkBytes: number;
  /** Of every other; a chunk is closed once it is larger. */
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

/** How much was written of a resource, or of all. */
export interface Progress {
  readonly bytes: number;
  /** Rows, or lines where rows are not counted. */
  readonly position: number;
}

/** Lines of a resource on their way into a chunk. */
interface Lines {
  readonly bytes: Uint8Array;
  readonly rowCount: number | null;
  readonly numbers: "text" | "objects";
  /** Nobody else uses the buffer. */
  readonly isOwn: boolean;
}

/** Where rows of a resource go. */
interface RowPlace {
  readonly resource: string;
  readonly target: RowTarget;
  readonly tables: ResourceTables;
}

/** Rows that the schema of a resource's rows rejects, with the mark of their page. */
export interface RejectedRows {
  readonly rows: readonly unknown[];
  readonly rejection: Rejection;
  readonly mark: Mark | null;
}

/** Where rows begin to be gathered. */
type BegunPlace = Omit<ChunkPlace, "numbers" | "firstRow">;

/** So many bytes of text are encoded or cut at a time. */
const sliceBytes = 1024 * 1024;

/** Gathers items into chunks: one is being filled for each resource and table. */
export class ChunkWriter {
  readonly #options: ChunkWriterOptions;
  readonly #buffers = new Map<string, LinesBuffer | ColumnsBuffer>();
  readonly #progress = new Map<string, Progress>();
  /** What files that are loaded as they are add to it, by resource. */
  readonly #inFiles = new Map<string, Progress>();
  readonly #tablesWithRows = new Set<string>();
  /** Of rows that may not belong to the package; without epochs there are none. */
  readonly #updates = new OpenUpdates();
  /** Small chunks of resources that have no more rows: they come before whatever is written next. */
  #ended: ChunkPart[] = [];
  #bufferedBytes = 0;

  constructor(options: ChunkWriterOptions) {
    this.#options = options;
  }

  /** Rows and bytes of a resource so far, also of those that are held. */
  progress(resource: string): Progress {
    const { bytes, position } = this.#progressOf(resource);
    const inFiles = this.#inFiles.get(resource) ?? noProgress;
    return { bytes: bytes + inFiles.bytes, position: position + inFiles.position };
  }

  hasRows(resource: string): boolean {
    return this.#progressOf(resource).position > 0 || this.#inFiles.has(resource);
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
      for (const { rows, ...target } of routed(page, tables))
        yield* this.#addRows({ resource, target, tables }, rows, page.numbers);
      return;
    }
    const place = { resource, target: tables.targetOf(page.mark), tables };
    if (this.#isDropped(place.target)) return;
    switch (page.kind) {
      case "text":
        yield* this.#addText(place, page);
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
    const { files } = this.#options;
    const held = files.heldOf(resources);
    if (held.length > 0) {
      yield* this.flush();
      for (const { update } of held) this.#updates.delete(update);
      yield* files.release(resources, (place) => this.#released(place));
    }
    for (const buffer of this.#buffers.values()) if (resources.has(buffer.place.resource)) buffer.markComplete();
  }

  /** Closes the chunks of resources that have no more rows. Small ones wait for others to share a file with. */
  async *finish(resources: ReadonlySet<string>): AsyncGenerator<Chunk> {
    yield* this.complete(resources);
    for (const [key, buffer] of [...this.#buffers]) {
      if (!resources.has(buffer.place.resource)) continue;
      if (buffer.bytes > smallBytes) {
        yield* this.#close(key, buffer);
        continue;
      }
      this.#buffers.delete(key);
      this.#bufferedBytes -= buffer.bytes;
      const part = buffer.takeAll();
      if (part !== null) this.#ended.push({ ...part, place: this.#released(part.place) });
    }
    if (bytesOf(this.#ended) > sharedFileBytes) yield* this.flush();
  }

  /** Writes what waits for others. */
  async *flush(): AsyncGenerator<Chunk> {
    yield* this.#write();
  }

  /** Closes what is complete of all chunks, so that the package can end here. */
  async *closeComplete(): AsyncGenerator<Chunk> {
    for (const buffer of this.#buffers.values()) yield* this.#writeComplete(buffer);
    yield* this.flush();
  }

  /** What is declared of tables and is in no package, because rows of them are not. */
  openUpdates(): readonly JsonValueDocument[] {
    return this.#updates.all;
  }

  async *#addRows(
    place: RowPlace,
    rows: readonly unknown[],
    numbersOfPage: RowsItem["numbers"],
  ): AsyncGenerator<Chunk> {
    const { resource, target } = place;
    if (this.#isDropped(target)) return;
    for (let from = 0; from < rows.length; ) {
      const slice = rows.slice(from, from + this.rowsFor(resource, sliceBytes));
      const encoded = encodePage(slice, { firstRow: this.#rowsBefore(resource), maxBytes: 8 * sliceBytes });
      const numbers = numbersOfPage === "text" ? "text" : encoded.numbers;
      const lines = { bytes: encoded.bytes, rowCount: encoded.rowCount, numbers, isOwn: false };
      yield* this.#append(place, lines);
      from += encoded.rowCount;
    }
  }

  async *#addText(place: RowPlace, page: TextItem): AsyncGenerator<Chunk> {
    const { chunkBytes } = this.#options;
    const sizes = { wholeBytes: chunkBytes, pieceBytes: Math.min(sliceBytes, Math.ceil(chunkBytes / 4)) };
    for (const { bytes, rowCount } of cutText(page.text, sizes)) {
      const isOwn = isOwnText(page.text) && bytes === page.text.jsonText;
      yield* this.#append(place, { bytes, rowCount, numbers: "text", isOwn });
    }
  }

  async *#append(place: RowPlace, lines: Lines): AsyncGenerator<Chunk> {
    const { bytes, rowCount, numbers, isOwn } = lines;
    const key = bufferKey(place);
    let buffer = this.#buffers.get(key);
    if (
      buffer !== undefined &&
      (buffer instanceof ColumnsBuffer ||
        buffer.place.numbers !== numbers ||
        hasPending(place) ||
        this.#isLarge(bytes, isOwn))
    ) {
      yield* this.#close(key, buffer);
      buffer = undefined;
    }
    const position = rowCount ?? lineCount(bytes);
    const firstRow = this.#count(place, { bytes: bytes.byteLength, position });
    if (buffer === undefined) {
      buffer = new LinesBuffer({ ...this.#placeOf(place), numbers, firstRow });
      this.#buffers.set(key, buffer);
    }
    this.#bufferedBytes -= buffer.bytes;
    buffer.add({ bytes, rowCount, position, isOwn });
    this.#bufferedBytes += buffer.bytes;
    if (this.#isLarge(bytes, isOwn)) yield* this.#close(key, buffer);
    else if (buffer.bytes >= this.#fullBytes()) yield* this.#closeFull(key, buffer);
    else if (this.#bufferedBytes > this.#options.bufferBytes) yield* this.#closeLargest();
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
    const buffer = goesOn ? open : new ColumnsBuffer({ ...this.#placeOf(place), numbers: "text", firstRow });
    this.#buffers.set(key, buffer);
    buffer.add(batch);
    this.#bufferedBytes += bytes;
    if (buffer.bytes >= this.#fullBytes()) yield* this.#closeFull(key, buffer);
    else if (this.#bufferedBytes > this.#options.bufferBytes) yield* this.#closeLargest();
  }

  /** What came before it is in chunks before. */
  async *#addFile(place: RowPlace, item: FileItem | ModelItem): AsyncGenerator<Chunk> {
    const { resource, target } = place;
    const { table, rejection } = target;
    if (rejection !== null) throw notRejectable(table);
    const { wholeFile, modelFile, hasColumns, files } = this.#options;
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
    const firstRow = this.#rowsBefore(resource);
    const before = this.#inFiles.get(resource) ?? noProgress;
    const bytes = content instanceof Uint8Array ? content.byteLength : content.bytes;
    this.#inFiles.set(resource, { bytes: before.bytes + bytes, position: before.position + (rowCount ?? 0) });
    const part = {
      place: { ...this.#placeOf(place), numbers: "text", firstRow },
      framing: "file",
      loadFile,
      rowCount,
      content,
    } as const;
    if (files.canHold) await files.hold(part);
    else yield* this.#write(part);
  }

  async *#closeLargest(): AsyncGenerator<Chunk> {
    const [largest] = [...this.#buffers].sort(([, a], [, b]) => b.bytes - a.bytes);
    if (largest !== undefined) yield* this.#close(...largest);
  }

  /** Of a chunk that is large enough, the rows behind the last complete one stay, so that there are few small chunks. */
  async *#closeFull(key: string, buffer: LinesBuffer | ColumnsBuffer): AsyncGenerator<Chunk> {
    if (this.#options.files.canHold) yield* this.#writeComplete(buffer);
    if (buffer.bytes >= this.#fullBytes() / 2) yield* this.#close(key, buffer);
  }

  async *#close(key: string, buffer: LinesBuffer | ColumnsBuffer): AsyncGenerator<Chunk> {
    const { files } = this.#options;
    if (files.canHold) yield* this.#writeComplete(buffer);
    this.#buffers.delete(key);
    this.#bufferedBytes -= buffer.bytes;
    const part = buffer.takeAll();
    if (part === null) return;
    if (files.canHold) await files.hold(part);
    else yield* this.#write(part);
  }

  async *#writeComplete(buffer: LinesBuffer | ColumnsBuffer): AsyncGenerator<Chunk> {
    this.#bufferedBytes -= buffer.bytes;
    const part = buffer.takeComplete();
    this.#bufferedBytes += buffer.bytes;
    if (part !== null) yield* this.#write({ ...part, place: this.#released(part.place) });
  }

  async *#write(...parts: readonly ChunkPart[]): AsyncGenerator<Chunk> {
    const ended = this.#ended;
    this.#ended = [];
    yield* this.#options.files.write([...ended, ...parts]);
  }

  /** Where rows begin; takes what is declared of their table. */
  #placeOf(place: RowPlace): BegunPlace {
    const begun = placeOf(place);
    if (this.#options.files.canHold) this.#updates.add(begun.update);
    return begun;
  }

  /** The place of rows that go into the package. What another resource declared of their table holds, although its own rows do not. */
  #released(place: ChunkPlace): ChunkPlace {
    this.#updates.delete(place.update);
    const others = this.#updates.of(place.table);
    return others.length === 0 ? place : { ...place, update: [...others, ...place.update] };
  }

  /** Text that makes a chunk of its own, because that saves a copy. */
  #isLarge(bytes: Uint8Array, isOwn: boolean): boolean {
    return isOwn && bytes.byteLength >= this.#fullBytes() / 2;
  }

  #fullBytes(): number {
    const { files, firstChunkBytes, chunkBytes } = this.#options;
    return files.nextIndex === 0 && !files.canHold ? Math.min(firstChunkBytes, chunkBytes) : chunkBytes;
  }

  #isDropped({ rejection }: RowTarget): boolean {
    return rejection !== null && !this.#options.keepsRejects;
  }

  /** Rows of a resource that were written so far, rejected ones included. */
  #rowsBefore(resource: string): number {
    return this.progress(resource).position + this.#progressOf(rejectedOf(resource)).position;
  }

  /** Notes what a resource writes next; gives the number of rows before. */
  #count({ resource, target }: RowPlace, more: Progress): number {
    const before = this.#rowsBefore(resource);
    if (target.rejection === null) this.#tablesWithRows.add(target.table);
    // Rejected rows are not rows of the resource's tables.
    const key = target.rejection === null ? resource : rejectedOf(resource);
    const progress = this.#progressOf(key);
    this.#progress.set(key, {
      bytes: progress.bytes + more.bytes,
      position: progress.position + more.position,
    });
    return before;
  }

  #progressOf(resource: string): Progress {
    return this.#progress.get(resource) ?? noProgress;
  }
}

const noProgress: Progress = { bytes: 0, position: 0 };

/** Rows by their tables. */
function routed(page: RowsItem, tables: ResourceTables): readonly TableRows[] {
  if (tables.dependOnRow(page.mark)) {
    const seen = page.numbers === "text" ? page.rows.map(plainValue) : page.rows;
    return tables.route(page.rows, seen, page.mark);
  }
  return [{ ...tables.targetOf(page.mark), rows: page.rows }];
}

/** One chunk at a time is filled for each of these. */
function bufferKey({ resource, target: { table, rejection } }: RowPlace): string {
  return [resource, table, ...(rejection === null ? [] : [rejection.reason])].join("\0");
}

/** Rejected rows wait for nothing that is declared of their table. */
function hasPending({ target, tables }: RowPlace): boolean {
  return target.rejection === null && tables.hasPending(target.table);
}

function placeOf({ resource, target, tables }: RowPlace): BegunPlace {
  const { table, rejection } = target;
  return rejection === null
    ? { resource, table, update: tables.takePending(table) }
    : { resource, table, update: [], rejected: rejection };
}

/** What rejected rows of a resource are counted under. */
function rejectedOf(resource: string): string {
  return `${resource}\0rejected`;
}

function bytesOf(parts: readonly ChunkPart[]): number {
  return parts.reduce((sum, { content }) => sum + (content instanceof Uint8Array ? content.byteLength : 0), 0);
}

function lineCount(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count++;
  return count;
}
