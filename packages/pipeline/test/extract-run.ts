import type { JsonValue, Resource, Schema, SourceDefinition } from "@dlt/core";
import { newSchema, plainRows, sameRows, type TextItem } from "@dlt/core/engine";
import { type ExtractInput, type ExtractResult, type ExtractSettings, extract } from "../src/extract/index.js";
import type { Chunk } from "../src/package/chunk.js";
import { findFile } from "../src/package/imported-file.js";
import type { StateObject } from "../src/state/state-object.js";

/** A source of these resources, as a run makes it. */
export function sourceOf(...resources: readonly Resource[]): SourceDefinition {
  return { name: "src", section: "src", resources: new Map(resources.map((each) => [each.name, each])) };
}

export interface RunOptions {
  readonly source: SourceDefinition;
  readonly schema?: Schema;
  readonly sourcesState?: StateObject;
  readonly settings?: ExtractSettings;
  readonly signal?: AbortSignal;
}

/** What an extract needs, with chunks that are only kept in memory. */
export function extractInput({ source, schema, sourcesState, settings, signal }: RunOptions): ExtractInput {
  return {
    source,
    schema: schema ?? newSchema(source.name),
    sourcesState: sourcesState ?? new Map(),
    firstIndex: 0,
    ...(settings !== undefined && { settings }),
    signal: signal ?? new AbortController().signal,
    runtime: { nowMicros: () => 1_714_000_000_000_000n },
    writeFile: async () => undefined,
    findFile: (path) => findFile(path, process.cwd()),
  };
}

/** Extracts to the end. */
export async function runExtract(
  options: RunOptions,
): Promise<{ readonly chunks: readonly Chunk[]; readonly result: ExtractResult }> {
  const extraction = extract(extractInput(options));
  const chunks: Chunk[] = [];
  for await (const chunk of extraction) chunks.push(chunk);
  return { chunks, result: extraction.result() };
}

/** The rows of chunks of JSON by table, decoded without loss. */
export function rowsByTable(chunks: readonly Chunk[]): Readonly<Record<string, readonly JsonValue[]>> {
  return byTable(chunks, (text) => sameRows(text).rows as readonly JsonValue[]);
}

/** The same as plain objects. */
export function plainRowsByTable(chunks: readonly Chunk[]): Readonly<Record<string, readonly unknown[]>> {
  return byTable(chunks, (text) => plainRows(text).rows);
}

function byTable<Row>(
  chunks: readonly Chunk[],
  rowsOf: (text: TextItem) => readonly Row[],
): Readonly<Record<string, Row[]>> {
  const tables: Record<string, Row[]> = {};
  for (const { entry, data } of chunks) {
    if (entry.framing === "columns" || entry.framing === "file") throw new Error(`Chunk ${entry.file} has no text.`);
    tables[entry.table] ??= [];
    tables[entry.table]?.push(
      ...rowsOf({ kind: "text", text: { jsonText: data, framing: entry.framing }, mark: null }),
    );
  }
  return tables;
}
