import {
  PackageError,
  type RejectPosition,
  type RejectRecord,
  type RejectStore,
  type SchemaContractHint,
} from "@dlt/core";
import {
  decodeJson,
  formatReplayedLine,
  formatTable,
  isDltTable,
  mergeStrategyOf,
  type NestedOrigin,
  newRootTable,
  parseNestedOrigin,
  rootTable,
  schemaContractOf,
  withProperty,
} from "@dlt/core/engine";
import type { Chunk, ChunkEntry } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { StateObject } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { addChunk, type OpenPackage } from "./extract-packages.js";
import type { Replay } from "./extract-step.js";
import { type RejectedRange, replayedUpTo, withReplayed } from "./replayed-rejects.js";

/** Rows that are read first; how large they are tells how many are read next. All that are read at a time are in memory. */
const firstRows = 250;
const mostRows = 10_000;
const charactersAtOnce = 8 * 1024 * 1024;

export interface ReplayInput {
  readonly claimed: ClaimedPipeline;
  readonly store: RejectStore;
  /** Names at the destination; undefined: all. */
  readonly tables: readonly string[] | undefined;
  readonly schemaContract: SchemaContractHint | undefined;
}

/**
 * The rejected rows that were not replayed yet, by schema and table; those of schemas that this pipeline does not have are not
 * its own.
 */
export async function openRejects(input: ReplayInput): Promise<readonly RejectedRange[]> {
  const { claimed, store, tables } = input;
  const rejected = await store.tables(claimed.context.pipelineName);
  const unknown = tables?.find((name) => !rejected.some(({ table }) => table === name));
  if (unknown !== undefined) {
    throw new PackageError("REJECTS_NOT_FOUND", `No rows of table \`${unknown}\` were rejected.`, {
      hint: `Give names as \`_dlt_rejects.table_name\` has them${rejected.length === 0 ? "; it has none" : `: ${rejected.map(({ table }) => `\`${table}\``).join(", ")}`}.`,
      context: { pipelineName: claimed.context.pipelineName, table: unknown },
    });
  }
  return rejected
    .filter(({ schemaName, table }) => claimed.schemas.has(schemaName) && (tables?.includes(table) ?? true))
    .map((range) => ({ ...range, afterLoadId: replayedUpTo(claimed.state.sources, range) }))
    .filter(({ afterLoadId, lastLoadId }) => afterLoadId < lastLoadId);
}

/** Adds the rows of the ranges to the packages of their schemas, and notes in the state that they were replayed. */
export function replayOf(input: ReplayInput, ranges: readonly RejectedRange[]): Replay {
  return async (packageOf, sources) => {
    let state: StateObject = sources;
    for (const range of ranges) {
      await replayTable(input, await packageOf(range.schemaName), range);
      state = withReplayed(state, range);
    }
    return state;
  };
}

async function replayTable(input: ReplayInput, open: OpenPackage, range: RejectedRange): Promise<void> {
  const { claimed, store } = input;
  const { pipelineName } = claimed.context;
  const { schemaName, table, afterLoadId, lastLoadId } = range;
  refuseHistory(open, table);
  let isFirst = true;
  let after: RejectPosition = { loadId: afterLoadId, rowNumber: Number.MAX_SAFE_INTEGER, id: "\u{10ffff}" };
  for (let limit = firstRows; ; ) {
    const page = await store.rows({ pipelineName, schemaName, table, after, limit });
    const rows = page.filter(({ loadId }) => loadId <= lastLoadId);
    for (const group of groupsByPlace(rows)) {
      const update = isFirst ? contractUpdate(input, open, table, group.nested) : [];
      await addChunk(claimed, open, { chunk: replayedChunk(open, { table, update, ...group }), follower: null });
      isFirst = false;
    }
    const last = page.at(-1);
    if (last === undefined || rows.length < page.length || page.length < limit) return;
    after = last;
    limit = rowsFor(page);
  }
}

/** How many rows like these are read at a time. */
function rowsFor(page: readonly RejectRecord[]): number {
  const characters = page.reduce((sum, { rowJson, originJson }) => sum + rowJson.length + (originJson?.length ?? 0), 0);
  return Math.max(1, Math.min(mostRows, Math.floor((charactersAtOnce * page.length) / characters)));
}

interface Group {
  readonly nested: NestedOrigin | null;
  readonly lines: string[];
}

/** The rows of a page by their place in the nesting: a chunk has one place. */
function groupsByPlace(rows: readonly RejectRecord[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    checkRow(row);
    const nested = row.originJson === null ? null : originOf(row);
    const key = nested === null ? "" : JSON.stringify([nested.place.tablePath, nested.place.level]);
    const group = groups.get(key) ?? { nested, lines: [] };
    group.lines.push(formatReplayedLine(row.rowJson, { rowNumber: row.rowNumber, path: row.path, nested }));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Tells a row that was changed while nothing of the others is kept yet. @throws PackageError `REJECT_UNREADABLE` */
function checkRow(record: RejectRecord): void {
  try {
    decodeJson(record.rowJson);
  } catch {
    // Neither its message nor a cause: both may show what stands in the row.
    throw unreadable(record, "`row_json` is not JSON");
  }
}

/** @throws PackageError `REJECT_UNREADABLE` */
function originOf(record: RejectRecord): NestedOrigin {
  let origin: NestedOrigin | null = null;
  try {
    origin = parseNestedOrigin(record.originJson ?? "");
  } catch {
    // It is no JSON: said below.
  }
  if (origin !== null) return origin;
  throw unreadable(record, "`origin_json` does not say below which row it was");
}

function unreadable({ id, loadId }: RejectRecord, problem: string): PackageError {
  return new PackageError(
    "REJECT_UNREADABLE",
    `The row of \`_dlt_rejects\` with the \`_dlt_id\` \`${id}\` was changed: ${problem}. No rejected row was loaded.`,
    {
      hint: "Restore that row of `_dlt_rejects`, or delete it to give up what was rejected; then replay again.",
      context: { id, loadId },
    },
  );
}

function replayedChunk(
  open: OpenPackage,
  { table, update, nested, lines }: Group & { readonly table: string; readonly update: readonly JsonValueDocument[] },
): Chunk {
  const index = open.chunks.length;
  const data = new TextEncoder().encode(lines.join(""));
  const entry: ChunkEntry = {
    index,
    resource: "_dlt_rejects",
    table,
    file: `${String(index).padStart(6, "0")}.jsonl`,
    framing: "lines",
    numbers: "text",
    firstRow: 0,
    rowCount: lines.length,
    bytes: data.byteLength,
    update,
    replay: { nested: nested?.place ?? null },
  };
  return { entry, data };
}

/** The contract that was given, as a change of the table; of the one above, for a nested table that was refused as a whole. */
function contractUpdate(
  { schemaContract }: ReplayInput,
  { schema }: OpenPackage,
  name: string,
  nested: NestedOrigin | null,
): readonly JsonValueDocument[] {
  if (schemaContract === undefined) return [];
  const known = schema.tables.get(name) ?? (nested === null ? undefined : schema.tables.get(nested.place.parent));
  const table = { ...(known ?? newRootTable(name)), columns: new Map() };
  const changed = withProperty(table, "schemaContract", schemaContractOf(schemaContract));
  return [JSON.parse(formatTable(changed)) as JsonValueDocument];
}

/**
 * Rows of a history cannot be added alone: rows that are not in a load count as gone from then on.
 * @throws PackageError `REJECTS_NOT_REPLAYABLE`
 */
function refuseHistory({ schema }: OpenPackage, table: string): void {
  const known = schema.tables.get(table);
  if (known === undefined || isDltTable(schema, table)) return;
  if (mergeStrategyOf(schema, rootTable(schema, table)) !== "scd2") return;
  throw new PackageError(
    "REJECTS_NOT_REPLAYABLE",
    `Rejected rows of \`${table}\` cannot be added: it is a history (\`scd2\`), which ends all rows that are missing from a load. No rejected row was loaded.`,
    {
      hint: "Mend the contract or the rows, and run the source again; to replay other tables, name them as `tables`. The rejected rows stay in `_dlt_rejects`.",
      context: { schemaName: schema.name, table },
    },
  );
}
