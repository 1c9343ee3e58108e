import { join } from "node:path";
import type { ColumnKey, RecordedOrigin, Schema } from "@dlt/core";
import { formatSchema, isComplete, parseSchema, type SchemaBinding, sameValue } from "@dlt/core/engine";
import { EarlierColumnsDouble } from "../normalize/normalize-stage.js";
import { SchemaOwner } from "../normalize/schema-owner.js";
import type { NormalizeStageResult } from "../normalize/stage.js";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { createNormalized } from "../package/normalized-package.js";
import { createFolder, deleteFolder } from "../package/package-store.js";
import type { ClaimedPipeline } from "../run/claimed-pipeline.js";
import { normalizeInto, withSystemTables } from "../run/normalize-package.js";
import type { Target } from "../run/target.js";
import type { Attempt } from "./attempt.js";
import { chunkPath, readChunkFile } from "./exchange.js";
import { areDeclaredAlike, fits, keyText, likelyDoubles } from "./fits.js";
import { PlacedFiles } from "./placed-files.js";
import { type PlanDocument, partitionSeed, planSeed } from "./plan-document.js";
import { type ReadableChunk, readChunks } from "./readable-chunk.js";
import { wholePackage } from "./whole-package.js";

export interface AssembleInput {
  readonly claimed: ClaimedPipeline;
  readonly target: Target;
  readonly binding: SchemaBinding;
  readonly plan: PlanDocument;
  /** Of all partitions, in the order of the plan. */
  readonly attempts: readonly Attempt[];
  /** Stored documents of tables that no partition has rows for. */
  readonly tables: readonly JsonValueDocument[];
  /** Tables that get a file without rows. */
  readonly emptyTables: readonly string[];
  /** The row of the state, which comes last; `null`: it goes into another package, or nowhere. */
  readonly stateChunk: Chunk | null;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/** The content of a package, and the partitions that were normalized again for it. */
export interface AssembledPackage {
  readonly result: NormalizeStageResult;
  readonly normalizedAgain: readonly number[];
}

/**
 * Puts the load files of all partitions together into an uncommitted package, as if their rows had been normalized one after the
 * other. The files of a partition are taken as they are, unless those before it have changed what its rows become: then it is
 * normalized again, against the schema so far.
 */
export async function assemblePackage(input: AssembleInput): Promise<AssembledPackage> {
  const { claimed, plan, attempts } = input;
  if (!areDeclaredAlike(attempts)) return await wholePackage(input);
  const start = startSchema(input);
  let doubles = likelyDoubles(attempts, start);
  for (;;) {
    const folder = await createNormalized(claimed.store, plan.loadId);
    try {
      return await new Assembly(input, { folder, start, doubles }).run();
    } catch (error) {
      // As a run does: what was known too late is known from the beginning, the next time.
      if (!(error instanceof EarlierColumnsDouble)) throw error;
      doubles = [...doubles, ...error.columns];
    }
  }
}

/** The schema that normalizing starts from. */
function startSchema({ claimed, binding, plan }: AssembleInput): Schema {
  return withSystemTables(parseSchema(plan.schema, binding), claimed.context.rejects);
}

interface AssemblyPlace {
  /** Where the load files of the package go. */
  readonly folder: string;
  readonly start: Schema;
  readonly doubles: readonly ColumnKey[];
}

class Assembly {
  readonly #input: AssembleInput;
  /** For load files on their way. */
  readonly #scratch: string;
  readonly #start: Schema;
  readonly #doubles: readonly ColumnKey[];
  readonly #owner: SchemaOwner;
  readonly #files: PlacedFiles;
  readonly #integers: ColumnKey[] = [];
  readonly #widenable: ColumnKey[] = [];
  readonly #rowCounts = new Map<string, number>();
  readonly #nullOnly = new Map<string, ColumnKey>();
  readonly #again: number[] = [];

  constructor(input: AssembleInput, { folder, start, doubles }: AssemblyPlace) {
    const { binding, plan, claimed } = input;
    this.#input = input;
    this.#scratch = join(folder, "..", "again");
    this.#doubles = doubles;
    this.#owner = new SchemaOwner(
      formatSchema(start),
      { maxIdentifierLength: binding.maxIdentifierLength ?? null, mergeStrategies: binding.mergeStrategies ?? [] },
      binding.conventions,
    );
    this.#start = this.#owner.schema;
    this.#files = new PlacedFiles(folder, plan.loadId, () => claimed.context.runtime.reached("commit.file.placed"));
  }

  async run(): Promise<AssembledPackage> {
    const { attempts, plan, signal } = this.#input;
    for (const attempt of attempts) {
      signal.throwIfAborted();
      const soFar = {
        start: this.#start,
        now: this.#owner.schema,
        integers: this.#integers,
        doubles: this.#doubles,
      };
      if (fits(attempt, soFar)) await this.#take(attempt);
      else await this.#normalizeAgain(attempt);
    }
    await this.#finish();
    await deleteFolder(this.#scratch);
    const { schema } = this.#owner;
    const order = new Map([...schema.tables.keys()].map((table, index) => [table, index]));
    const result: NormalizeStageResult = {
      schema: this.#owner.schemaText(),
      update: this.#owner.update(),
      origins: this.#owner.origins.map((origin) => ({ ...origin, loadId: plan.loadId })),
      files: this.#files.files.toSorted((a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0)),
      rowCounts: Object.fromEntries(this.#rowCounts),
      nullOnly: [...this.#nullOnly.values()].filter(
        ([table, column]) => !isComplete(schema.tables.get(table)?.columns.get(column)),
      ),
      changes: this.#owner.changes,
      touched: [],
      integers: this.#integers,
      widenable: this.#widenable,
    };
    return { result, normalizedAgain: this.#again };
  }

  /** Takes a partition as it is. */
  async #take({ document, path, changes, schema }: Attempt): Promise<void> {
    const before = this.#owner.schema;
    const isMerged = this.#declared();
    for (const { kind, tables } of changes) {
      const missing = kind === "data" ? tables : tables.filter(({ name }) => !isMerged.has(name));
      this.#owner.repeat({ kind, tables: missing });
    }
    const column = (of: Schema, { table, column: name }: RecordedOrigin) => of.tables.get(table)?.columns.get(name);
    const decided = document.origins.filter(
      (origin) => origin.decision.kind !== "declared" && !sameValue(column(before, origin), column(schema, origin)),
    );
    this.#owner.origins.push(...decided);
    this.#note(document, before);
    await this.#files.place(document.files, join(path, "files"));
  }

  async #normalizeAgain({ document, path, index }: Attempt): Promise<void> {
    const isMerged = this.#declared();
    const entries = document.chunks.map((entry) => ({
      ...entry,
      update: entry.update.filter(({ name }) => !isMerged.has(String(name))),
    }));
    this.#again.push(index);
    await this.#normalize({
      idSeed: partitionSeed(this.#input.plan, index),
      chunks: entries.map((entry) => ({ entry, read: () => readChunkFile(path, entry), path: chunkPath(path, entry) })),
      emptyTables: [],
      tables: [],
    });
  }

  /** Adds what belongs to the package as a whole: the row of the state, tables without rows. */
  async #finish(): Promise<void> {
    const { plan, tables, stateChunk } = this.#input;
    const emptyTables = this.#input.emptyTables.filter((table) => !this.#files.has(table));
    if (stateChunk === null && tables.length === 0 && emptyTables.length === 0) return;
    await this.#normalize({
      idSeed: planSeed(plan),
      chunks: stateChunk === null ? [] : [{ entry: stateChunk.entry, read: async () => stateChunk.data.slice() }],
      emptyTables,
      tables,
    });
  }

  async #normalize(source: {
    readonly idSeed: Uint8Array;
    readonly chunks: readonly ReadableChunk[];
    readonly emptyTables: readonly string[];
    readonly tables: readonly JsonValueDocument[];
  }): Promise<void> {
    const { claimed, target, binding, plan, workers, signal } = this.#input;
    const before = this.#owner.schema;
    await deleteFolder(this.#scratch);
    await createFolder(this.#scratch);
    const result = await normalizeInto(
      claimed.context,
      {
        loadId: plan.loadId,
        createdAt: BigInt(plan.createdAt),
        idSeed: source.idSeed,
        startSchema: this.#owner.schemaText(),
        isReplay: false,
        ...readChunks(source.chunks),
        emptyTables: () => source.emptyTables,
        tables: () => source.tables,
      },
      {
        target,
        binding,
        workers,
        signal,
        folder: this.#scratch,
        known: { doubles: this.#doubles, integers: this.#integers, widenable: this.#widenable },
      },
    );
    for (const change of result.changes) this.#owner.repeat(change);
    this.#owner.origins.push(...result.origins.filter(({ decision }) => decision.kind !== "declared"));
    this.#note(result, before);
    await this.#files.place(result.files, this.#scratch);
  }

  /** Tables that have changed since the plan, and so have the hints that all partitions declare. */
  #declared(): ReadonlySet<string> {
    const { tables } = this.#owner.schema;
    return new Set([...tables.keys()].filter((name) => tables.get(name) !== this.#start.tables.get(name)));
  }

  #note(noted: Pick<NormalizeStageResult, "rowCounts" | "nullOnly" | "integers" | "widenable">, before: Schema): void {
    const isNew = ([table, column]: ColumnKey) => !isComplete(before.tables.get(table)?.columns.get(column));
    this.#integers.push(...noted.integers.filter(isNew));
    this.#widenable.push(...noted.widenable.filter(isNew));
    for (const key of noted.nullOnly) this.#nullOnly.set(keyText(key), key);
    for (const [table, count] of Object.entries(noted.rowCounts))
      this.#rowCounts.set(table, (this.#rowCounts.get(table) ?? 0) + count);
  }
}
