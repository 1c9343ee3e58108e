import type { ColumnKey } from "@dlt/core";
import { hasSeenData, isComplete, isDltTable, parseTable, relationalNormalizer } from "@dlt/core/engine";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { Count } from "../progress/progress-event.js";
import { type ChunkLane, FileLane, MainLane, ThreadLane } from "./chunk-lane.js";
import { ChunkNormalizer, fileTable } from "./chunk-normalizer.js";
import { ChunkSpans } from "./chunk-spans.js";
import type { ChunkOutcome, ChunkTask } from "./chunk-task.js";
import { SchemaOwner } from "./schema-owner.js";
import type { NormalizeStageInput, NormalizeStageResult } from "./stage.js";
import { TableFiles } from "./table-files.js";
import { ThreadFiles } from "./thread-files.js";

/**
 * What the main thread normalizes itself. A thread takes its start, and as much time again until the code that it runs is compiled:
 * together as long as some 10 MB take.
 */
const defaultBytesBeforeThreads = 16 << 20;
/** Chunks that wait at each thread, the one at work included, so that a thread has the next one at hand. */
const chunksPerThread = 2;

/** A chunk that was handed to a lane. */
interface ChunkAtWork {
  readonly entry: ChunkEntry;
  readonly lane: ChunkLane;
  /** Version of the schema that it is normalized against. */
  version: number;
  /** The lane's session held changes that did not come to be. */
  stale: boolean;
  readonly outcome: Promise<ChunkOutcome>;
}

/**
 * Columns that rows before those of the stage made bigint are double: the rows before have to be normalized again, too, with these
 * among `NormalizeRun.doubles`.
 */
export class EarlierColumnsDouble extends Error {
  override readonly name = "EarlierColumnsDouble";
  readonly columns: readonly ColumnKey[];

  constructor(columns: readonly ColumnKey[]) {
    super("Columns of rows before these are double.");
    this.columns = columns;
  }
}

/**
 * One package on its way from chunks to load files. It owns the schema: lanes normalize chunks against what it hands out, it accepts
 * their results in the order of the chunks, and has a chunk done again when a table that the chunk touches changed in between.
 */
export class NormalizeStage implements AsyncDisposable {
  private readonly input: NormalizeStageInput;
  private readonly feed: AsyncIterator<Chunk>;
  private readonly mainLane: MainLane;
  private readonly fileLane = new FileLane();
  private readonly threads: ThreadLane[] = [];
  private readonly threadFiles: ThreadFiles;
  private readonly spans: ChunkSpans;
  /** Chunks seen so far; `cursor` is behind the end unless the package is done again. */
  private readonly entries: ChunkEntry[] = [];
  private cursor = 0;
  /** There are no more chunks than were seen. */
  private isFed = false;
  /** Bytes of the chunks that were normalized, those that were done again included. */
  private doneBytes = 0;
  private atWork: ChunkAtWork[] = [];
  private readonly doubles: ColumnKey[];
  /** Root tables whose hints changed after rows of theirs, with the index of the last chunk that brought such a change. */
  private readonly lateHints = new Map<string, number>();
  /** More doubles or late hints were found, so that the package has to be done again. Until then chunks are read to find others. */
  private isVoid = false;
  /** Bytes of the chunks that were read since the package was started over, and up to then before. */
  private readBytes = 0;
  private startedOverAt = 0;
  private owner: SchemaOwner;
  private files: TableFiles;
  private integers: ColumnKey[] = [];
  private widenable: ColumnKey[] = [];
  private touched = new Set<string>();
  private acceptedTables = new Set<string>();
  private rowCounts = new Map<string, number>();
  private nullOnly = new Map<string, ColumnKey>();

  constructor(input: NormalizeStageInput) {
    this.input = input;
    this.spans = new ChunkSpans(input.progress);
    this.feed = input.chunks[Symbol.asyncIterator]();
    const formatOf = ({ entry }: ChunkTask) => input.formatFor(entry.table);
    this.threadFiles = new ThreadFiles(input.builtIn);
    this.mainLane = new MainLane(new ChunkNormalizer(formatOf, input.conventions));
    this.owner = new SchemaOwner(input.schema, input.run, input.conventions);
    this.doubles = [...input.run.doubles];
    this.files = new TableFiles({ ...input, loadId: input.run.loadId });
  }

  async run(): Promise<NormalizeStageResult> {
    for (;;) {
      const chunk = await this.next();
      if (chunk === null) {
        if (this.atWork.length > 0) await this.acceptFirst();
        else if (this.isVoid) await this.startOver();
        else break;
        continue;
      }
      // A chunk that the package is done again for comes back through `next`.
      const { cursor } = this;
      while (this.cursor === cursor && this.mustWait(chunk.entry)) await this.acceptFirst();
      if (this.cursor === cursor) this.dispatch(chunk);
    }
    this.owner.mergeHints(this.input.tables());
    await this.addEmptyFiles();
    const { schema } = this.owner;
    const order = new Map([...schema.tables.keys()].map((table, index) => [table, index]));
    // Files were finished in an order that depends on who encoded them; that of the schema does not.
    const files = (await this.files.close()).toSorted((a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0));
    const nullOnly = [...this.nullOnly.values()].filter(
      ([table, column]) => !isComplete(schema.tables.get(table)?.columns.get(column)),
    );
    const { loadId } = this.input.run;
    return {
      schema: this.owner.schemaText(),
      update: this.owner.update(),
      origins: this.owner.origins.map((origin) => ({ ...origin, loadId })),
      files,
      rowCounts: Object.fromEntries(this.rowCounts),
      nullOnly,
      changes: this.owner.changes,
      touched: [...this.touched],
      integers: this.integers,
      widenable: this.widenable,
    };
  }

  /** Chunks whose results were accepted, and rows by table. When the package is done again they begin anew. */
  *progress(): Generator<Count> {
    const { rowCounts, entries, owner, input } = this;
    const done = this.cursor - this.atWork.length;
    const total = this.isFed ? entries.length : null;
    const of = { step: "normalize", isOver: false } as const;
    yield { ...of, name: input.run.loadId, done, total, unit: "chunks", bytes: this.readBytes };
    for (const [name, rows] of rowCounts) {
      if (!isDltTable(owner.schema, name)) yield { ...of, name, done: rows, total: null, unit: "rows", bytes: null };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(
      this.atWork.map(({ outcome }) => outcome).slice(0, this.threads.length === 0 ? undefined : 0),
    );
    await Promise.all(this.threads.map((thread) => thread[Symbol.asyncDispose]()));
    await this.files.abandon();
    await this.feed.return?.();
  }

  private async next(): Promise<Chunk | null> {
    this.input.signal.throwIfAborted();
    const again = this.entries[this.cursor];
    if (again !== undefined) {
      this.cursor += 1;
      return { entry: again, data: await this.input.readChunk(again) };
    }
    const { value, done } = await this.feed.next();
    if (done === true) {
      this.isFed = true;
      return null;
    }
    this.entries.push(value.entry);
    this.cursor += 1;
    return value;
  }

  /** True while a chunk has to wait for results of those before it. */
  private mustWait(entry: ChunkEntry): boolean {
    const { atWork } = this;
    if (atWork.length === 0) return false;
    // Hints change the schema between two chunks, and the first rows of a table say what most others will look like.
    if (entry.update.length > 0) return true;
    if (!this.acceptedTables.has(entry.table) && atWork.some((other) => other.entry.table === entry.table)) return true;
    return atWork.length >= Math.max(1, this.threads.length * chunksPerThread);
  }

  private dispatch({ entry, data }: Chunk): void {
    this.mergeHints(entry);
    this.atWork.push(this.hand(entry, data, entry.framing === "file" ? this.fileLane : this.freestLane(entry)));
  }

  /** Hints hold for all rows of the package: when rows that they concern came before them, they are merged before the first row. */
  private mergeHints(entry: ChunkEntry): void {
    if (entry.update.length === 0 || this.isMergedEarly(entry)) return;
    const isLate = this.acceptedTables.has(entry.table) || entry.update.some((table) => this.owner.isMadeByData(table));
    if (!isLate) this.owner.mergeHints(entry.update);
    else {
      this.lateHints.set(entry.table, entry.index);
      this.isVoid = true;
    }
  }

  private isMergedEarly({ table, index }: ChunkEntry): boolean {
    return index <= (this.lateHints.get(table) ?? -1);
  }

  private hand(entry: ChunkEntry, data: Uint8Array, lane: ChunkLane): ChunkAtWork {
    const { version } = this.owner;
    const schema = lane.schemaVersion === version ? null : this.owner.schemaText();
    lane.schemaVersion = version;
    const { run: given, maxFileRows } = this.input;
    const run = {
      ...given,
      doubles: this.doubles,
      integers: [...given.integers, ...this.integers],
      widenable: [...(given.widenable ?? []), ...this.widenable],
    };
    const format = lane instanceof ThreadLane ? this.threadFiles.formatOf(this.input.formatFor(entry.table)) : null;
    const note = this.spans.handed(lane, this.nameOf(lane), entry);
    const outcome = lane.normalize({ entry, data, schema, run, format, maxFileRows });
    note(outcome);
    // Whoever takes the result hears of a failure; until then it must not count as unhandled.
    outcome.catch(() => undefined);
    return { entry, lane, version, stale: false, outcome };
  }

  /** For people who look at a profile. */
  private nameOf(lane: ChunkLane): string {
    if (lane === this.mainLane) return "normalize main thread";
    return lane === this.fileLane
      ? "normalize files"
      : `normalize thread ${this.threads.indexOf(lane as ThreadLane) + 1}`;
  }

  /** A thread without work, which is started where all have some; else the one that has the least. */
  private freestLane(entry: ChunkEntry): ChunkLane {
    const { threadFiles, mainLane, threads } = this;
    if (!this.isWorthThreads() || threadFiles.formatOf(this.input.formatFor(entry.table)) === null) return mainLane;
    const { entryFile } = threadFiles;
    if (entryFile === null) return mainLane;
    const { workers, builtIn } = this.input;
    const [freest] = threads.toSorted((a, b) => a.waiting - b.waiting);
    if (freest !== undefined && (freest.waiting === 0 || threads.length === workers)) return freest;
    const thread = new ThreadLane(entryFile, builtIn.options);
    threads.push(thread);
    return thread;
  }

  private isWorthThreads(): boolean {
    const { workers, conventions = {}, bytesBeforeThreads = defaultBytesBeforeThreads } = this.input;
    // A convention of the application's own is a function, which does not travel.
    return (
      workers >= 2 && this.doneBytes >= bytesBeforeThreads && !Object.hasOwn(conventions, this.owner.schema.naming.name)
    );
  }

  private async acceptFirst(): Promise<void> {
    const first = this.atWork.shift();
    if (first === undefined) return;
    const outcome = this.isVoid ? await first.outcome.catch(() => null) : await this.validOutcome(first);
    this.input.signal.throwIfAborted();
    if (first.lane !== this.fileLane) {
      this.readBytes += first.entry.bytes;
      this.doneBytes += first.entry.bytes;
    }
    if (outcome !== null && outcome.becameDouble.length > 0) {
      this.isVoid = true;
      this.doubles.push(...outcome.becameDouble);
      this.distrust(first.lane);
    } else if (outcome !== null && (!this.isVoid || this.holds(first, outcome))) {
      this.acceptSchema(first, outcome);
      if (!this.isVoid) await this.acceptRows(first, outcome);
    } else this.distrust(first.lane);
    // Each start goes at least twice as far as the one before, so that all of them together cost no more than the last one twice.
    if (this.isVoid && (outcome === null || this.readBytes >= 2 * this.startedOverAt)) await this.startOver();
  }

  private async validOutcome(chunk: ChunkAtWork): Promise<ChunkOutcome> {
    return (await this.outcomeThatHolds(chunk)) ?? (await this.doAgain(chunk));
  }

  /** The result of a chunk, or null when it was made against a schema that has changed in what the chunk touches. */
  private async outcomeThatHolds(chunk: ChunkAtWork): Promise<ChunkOutcome | null> {
    const upToDate = () => !chunk.stale && chunk.version === this.owner.version;
    try {
      const outcome = await chunk.outcome;
      if (upToDate()) return outcome;
      return this.holds(chunk, outcome) ? outcome : null;
    } catch (error) {
      if (upToDate()) throw error;
      return null;
    }
  }

  private holds(chunk: ChunkAtWork, outcome: ChunkOutcome): boolean {
    return !chunk.stale && this.owner.unchangedSince(chunk.version, outcome.touched);
  }

  /** A lane's session has seen changes that will not come to be: it needs another schema, and what waits there has seen them too. */
  private distrust(lane: ChunkLane): void {
    for (const other of this.atWork) if (other.lane === lane) other.stale = true;
    lane.schemaVersion = -1;
  }

  private async doAgain(chunk: ChunkAtWork): Promise<ChunkOutcome> {
    this.distrust(chunk.lane);
    const again = this.hand(chunk.entry, await this.input.readChunk(chunk.entry), chunk.lane);
    chunk.version = again.version;
    return await again.outcome;
  }

  private acceptSchema(chunk: ChunkAtWork, outcome: ChunkOutcome): void {
    const { owner } = this;
    if (outcome.update.length > 0) {
      const sessionHasAll = chunk.version === owner.version;
      owner.mergeData(outcome.update.map(parseTable), outcome.origins, chunk.entry.resource);
      // The lane's session made this change itself and is as far as the owner, unless it lacks changes of others.
      if (sessionHasAll) {
        chunk.lane.schemaVersion = owner.version;
        for (const other of this.atWork) if (other.lane === chunk.lane) other.version = owner.version;
      } else chunk.lane.schemaVersion = -1;
    }
    if (chunk.lane !== this.fileLane) this.acceptedTables.add(chunk.entry.table);
    this.integers.push(...outcome.integers);
    this.widenable.push(...(outcome.widenable ?? []));
  }

  private async acceptRows(chunk: ChunkAtWork, outcome: ChunkOutcome): Promise<void> {
    for (const table of outcome.touched) this.touched.add(table);
    for (const key of outcome.nullOnly) this.nullOnly.set(key.join("\0"), key);
    const format = this.input.formatFor(chunk.entry.table);
    for (const part of outcome.parts) await this.files.append(part, format);
    if (chunk.lane === this.fileLane)
      await this.files.link(chunk.entry, (path) => this.input.linkChunk(chunk.entry, path));
    for (const [table, count] of Object.entries(outcome.rowCounts))
      this.rowCounts.set(table, (this.rowCounts.get(table) ?? 0) + count);
    await this.input.reached("normalize.chunk.accepted");
  }

  /** Does the package again from its first chunk, knowing of more columns that they are double, and more hints. */
  private async startOver(): Promise<void> {
    await Promise.allSettled(this.atWork.map(({ outcome }) => outcome));
    const before = new Set(this.input.run.integers.map((key) => key.join("\0")));
    const ofBefore = this.doubles.filter((key) => before.has(key.join("\0")));
    if (ofBefore.length > 0) throw new EarlierColumnsDouble(ofBefore);
    this.atWork = [];
    this.isVoid = false;
    this.startedOverAt = this.readBytes;
    this.readBytes = 0;
    for (const lane of [this.mainLane, this.fileLane, ...this.threads]) lane.schemaVersion = -1;
    await this.files.discard();
    this.owner = new SchemaOwner(this.input.schema, this.input.run, this.input.conventions);
    for (const entry of this.entries) if (this.isMergedEarly(entry)) this.owner.mergeHints(entry.update);
    this.integers = [];
    this.widenable = [];
    this.touched = new Set();
    this.acceptedTables = new Set();
    this.rowCounts = new Map();
    this.nullOnly = new Map();
    this.cursor = 0;
  }

  private async addEmptyFiles(): Promise<void> {
    for (const table of this.input.emptyTables()) {
      if (this.files.has(table)) continue;
      const run = { ...this.input.run, doubles: [], integers: [] };
      const session = relationalNormalizer.open(this.owner.schemaText(), run, this.input.conventions);
      // A table that holds rows has all its columns; one that came as columns may be without those of the library.
      const known = this.owner.schema.tables.get(table);
      if (known === undefined || !hasSeenData(known)) this.owner.mergeData(session.declareRow(table));
      await this.files.appendEmpty(fileTable(table, session.columns(table), run), this.input.formatFor(table));
    }
  }
}
