import type { ColumnKey, RecordedOrigin, SchemaText } from "@dlt/core";
import { encodeJson, formatTable } from "@dlt/core/engine";
import type { ExtractResult } from "../extract/index.js";
import type { NormalizeStageResult } from "../normalize/stage.js";
import type { ChunkEntry } from "../package/chunk.js";
import type { ExtractManifest, FileEntry, JsonValueDocument } from "../package/manifest.js";
import { hasKeys } from "../package/stored-json.js";

/** `attempt.json`: what an attempt at a partition gave, beside its chunks and load files. */
export interface AttemptDocument {
  readonly format: 1;
  readonly planId: string;
  readonly index: number;
  readonly attempt: string;
  // Extracted.
  readonly chunks: readonly ChunkEntry[];
  /** As in `ExtractManifest`. */
  readonly tables: readonly JsonValueDocument[];
  readonly emptyTables: readonly string[];
  readonly resources: ExtractManifest["resources"];
  /** State of the source, typed JSON; `null`: it has none. */
  readonly sourceState: string | null;
  // Normalized.
  /** The schema that the rows have made of that of the plan. */
  readonly schema: SchemaText;
  /** How it came to be: stored documents of partial tables, in order. */
  readonly changes: readonly { readonly kind: "hints" | "data"; readonly tables: readonly JsonValueDocument[] }[];
  /** Tables whose definitions the rows depend on. */
  readonly touched: readonly string[];
  readonly integers: readonly ColumnKey[];
  readonly widenable: readonly ColumnKey[];
  readonly files: readonly FileEntry[];
  readonly rowCounts: Readonly<Record<string, number>>;
  readonly nullOnly: readonly ColumnKey[];
  readonly origins: readonly RecordedOrigin[];
}

/** `commit.json`: the attempts that are loaded, by index of the partition. */
export interface ChosenAttempts {
  readonly format: 1;
  readonly attempts: readonly string[];
}

export function attemptDocument(
  at: Pick<AttemptDocument, "planId" | "index" | "attempt"> & { readonly source: string },
  extracted: ExtractResult,
  normalized: NormalizeStageResult,
): AttemptDocument {
  const { planId, index, attempt, source } = at;
  const { chunks, tables, emptyTables, resources } = extracted;
  const { schema, touched, integers, widenable, files, rowCounts, nullOnly, origins } = normalized;
  const state = extracted.sourcesState.get(source);
  const documentOf = (table: Parameters<typeof formatTable>[0]) => JSON.parse(formatTable(table)) as JsonValueDocument;
  return {
    format: 1,
    planId,
    index,
    attempt,
    chunks,
    tables,
    emptyTables,
    resources,
    sourceState: state === undefined ? null : encodeJson(state, { typed: true }),
    schema,
    changes: normalized.changes.map((change) => ({ kind: change.kind, tables: change.tables.map(documentOf) })),
    touched,
    integers,
    widenable,
    files,
    rowCounts,
    nullOnly,
    origins,
  };
}

export function isAttemptDocument(content: unknown): content is AttemptDocument {
  const keys = ["format", "planId", "index", "attempt", "chunks", "schema", "changes", "files"];
  return hasKeys(content, keys) && content["format"] === 1;
}

export function isChosenAttempts(content: unknown): content is ChosenAttempts {
  return hasKeys(content, ["format", "attempts"]) && content["format"] === 1;
}
