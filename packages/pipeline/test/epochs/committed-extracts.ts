import type { Schema, SourceDefinition } from "@dlt/core";
import { newSchema } from "@dlt/core/engine";
import { type ExtractEpochs, type ExtractResult, extract, SharedTables } from "../../src/extract/index.js";
import type { Chunk } from "../../src/package/chunk.js";
import type { StateObject } from "../../src/state/state-object.js";
import { extractInput, plainRowsByTable } from "../extract-run.js";

type Row = Readonly<Record<string, unknown>>;

/** What extracts of a source have committed one after the other: the state, and what packages make of tables. */
export class CommittedExtracts {
  readonly tables = new Map<string, Row[]>();
  #packages = 0;
  #schema: Schema;
  #state: StateObject = new Map();

  constructor(sourceName: string) {
    this.#schema = newSchema(sourceName);
  }

  get packages(): number {
    return this.#packages;
  }

  /** Extracts. What was committed stays, also when it fails. @returns its last result */
  async add(
    source: SourceDefinition,
    epochs?: { readonly everyRows: number; readonly stopSignal: AbortSignal },
  ): Promise<ExtractResult> {
    const held = new Map<string, Uint8Array>();
    let chunks: Chunk[] = [];
    const commit = (result: ExtractResult): Schema => {
      this.#load(chunks, result);
      chunks = [];
      this.#state = result.sourcesState;
      this.#schema = result.schema;
      return result.schema;
    };
    const limits = epochs && {
      everyRows: epochs.everyRows,
      everyMs: Number.POSITIVE_INFINITY,
      everyBytes: Number.POSITIVE_INFINITY,
      options: ["checkpoint"],
    };
    const options: ExtractEpochs | undefined = epochs &&
      limits && {
        limits,
        stopSignal: epochs.stopSignal,
        tables: new SharedTables(),
        holdChunk: async (name, content) => void held.set(name, content as Uint8Array),
        releaseChunk: async (name) => held.get(name) as Uint8Array,
        closeEpoch: async (result) => commit(result),
      };
    const input = extractInput({ source, schema: this.#schema, sourcesState: this.#state });
    const extraction = extract({ ...input, epochs: options });
    for await (const chunk of extraction) chunks.push(chunk);
    const result = extraction.result();
    commit(result);
    return result;
  }

  /** What a destination makes of a package. */
  #load(chunks: readonly Chunk[], { schema, emptyTables }: ExtractResult): void {
    this.#packages += 1;
    const rows = new Map<string, readonly Row[]>(emptyTables.map((table) => [table, []]));
    for (const [table, own] of Object.entries(plainRowsByTable(chunks)) as [string, readonly Row[]][]) {
      rows.set(table, own);
      const items = own.flatMap(({ items = [] }) => items as readonly Row[]);
      if (items.length > 0) rows.set(`${table}__items`, items);
    }
    for (const [table, own] of rows) {
      const isReplaced = schema.tables.get(table)?.writeDisposition === "replace";
      this.tables.set(table, [...(isReplaced ? [] : (this.tables.get(table) ?? [])), ...own]);
    }
  }
}
