import type { Schema, StateRecord } from "@dlt/core";
import { bumpVersion, parseSchema, type SchemaBinding } from "@dlt/core/engine";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { ClaimedPipeline } from "../run/claimed-pipeline.js";
import { withExtracted } from "../run/pipeline-state.js";
import { stateChunk, withStateTable } from "../run/state-chunk.js";
import type { PipelineState } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import type { Attempt } from "./attempt.js";
import type { PlanDocument } from "./plan-document.js";
import { mergeStates, parseSourceState } from "./source-states.js";
import { emptyTablesOf, tablesWithoutRows, withDeclared } from "./tables-without-rows.js";

/** What the partitions come to beside their rows. */
export interface CommitContent {
  /** The schema with everything that was declared, as an extract saves it. */
  readonly declared: Schema;
  readonly tables: readonly JsonValueDocument[];
  readonly emptyTables: readonly string[];
  readonly state: PipelineState;
  /** The row of the state; `null` when it goes into a package of another schema, or is there already. */
  readonly stateRow: { readonly chunk: Chunk; readonly record: StateRecord } | null;
  /** There is nothing to load. */
  readonly isEmpty: boolean;
}

export function commitContent(
  claimed: ClaimedPipeline,
  plan: PlanDocument,
  options: { readonly attempts: readonly Attempt[]; readonly binding: SchemaBinding },
): CommitContent {
  const { context, state: before } = claimed;
  const { attempts, binding } = options;
  const documents = attempts.flatMap(({ document }) => [
    ...document.chunks.flatMap(({ update }) => update),
    ...document.tables,
  ]);
  const declared = withDeclared({ ...parseSchema(plan.schema, binding), ...plan.schemaVersion }, documents);
  const named = withExtracted(claimed, [plan.source]);
  const extracted = bumpState({ ...named, sources: sourcesAfter(before, plan, attempts) });
  const isCarried =
    context.settings.restoreFromDestination &&
    extracted.defaultSchemaName === plan.source &&
    extracted.versionHash !== extracted.local.lastExtractedHash;
  const rest = {
    tables: tablesWithoutRows(attempts),
    emptyTables: emptyTablesOf(attempts, declared),
  };
  if (!isCarried) {
    const hasRows = attempts.some(({ document }) => document.chunks.length > 0);
    const isEmpty = !hasRows && rest.emptyTables.length === 0;
    return { ...rest, declared: bumpVersion(declared), state: extracted, stateRow: null, isEmpty };
  }
  const createdAt = context.runtime.nowMicros();
  const schema = bumpVersion(withStateTable(declared));
  const stateRow = stateChunk({ state: extracted, schema, loadId: plan.loadId, createdAt, index: 0 });
  const local = { ...extracted.local, lastExtractedAt: createdAt, lastExtractedHash: extracted.versionHash };
  return { ...rest, declared: schema, state: { ...extracted, local }, stateRow, isEmpty: false };
}

function sourcesAfter(
  { sources }: PipelineState,
  plan: PlanDocument,
  attempts: readonly Attempt[],
): PipelineState["sources"] {
  if (plan.sourceState === null && attempts.every(({ document }) => document.sourceState === null)) return sources;
  const states = attempts.flatMap(({ document, index }) => {
    const part = plan.parts[index];
    return part === undefined ? [] : [{ part, state: parseSourceState(document.sourceState) }];
  });
  const merged = mergeStates(plan.source, parseSourceState(plan.sourceState), states);
  return new Map([...sources, [plan.source, merged]]);
}
