import type { JsonValue } from "@dlt/core";
import { encodeJson, isDltTable, parseSchema, removeMarkers, type SchemaPlace } from "@dlt/core/engine";
import type { AttemptDocument } from "./attempt-document.js";
import type { PlanFolder } from "./exchange.js";
import type { PartitionManifest } from "./partition.js";
import type { PlanDocument } from "./plan-document.js";
import { lastValuesOf, parseSourceState } from "./source-states.js";

/** What is told of an attempt. */
export function manifestOf(options: {
  readonly plan: PlanDocument;
  readonly folder: PlanFolder;
  readonly document: AttemptDocument;
  readonly place: SchemaPlace;
}): PartitionManifest {
  const { plan, folder, document, place } = options;
  const { index, attempt, files, chunks, emptyTables, tables, sourceState } = document;
  const resources = plan.parts[index]?.resources ?? [];
  const schema = parseSchema(document.schema, place);
  return {
    planId: plan.planId,
    pipelineName: plan.pipelineName,
    exchange: folder.exchange,
    loadId: plan.loadId,
    index,
    partitionCount: plan.parts.length,
    attempt,
    source: plan.source,
    resources,
    rowCounts: Object.fromEntries(Object.entries(document.rowCounts).filter(([name]) => !isDltTable(schema, name))),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    cursors: lastValues(resources, sourceState),
    isEmpty: chunks.length === 0 && emptyTables.length === 0 && tables.length === 0 && sourceState === plan.sourceState,
  };
}

function lastValues(resources: readonly string[], sourceState: string | null): PartitionManifest["cursors"] {
  const state = parseSourceState(sourceState);
  const cursors = resources.flatMap((name) => {
    const last = [...lastValuesOf(state, name)].map(([path, value]) => [path, textOf(value)] as const);
    return last.length === 0 ? [] : [[name, Object.fromEntries(last)] as const];
  });
  return Object.fromEntries(cursors);
}

/** As it reads: bigint, for one, is no JSON. */
function textOf(value: JsonValue): string | null {
  if (value === null) return null;
  const plain = removeMarkers(value);
  return typeof plain === "object" ? encodeJson(plain as JsonValue, { anyInteger: true }) : String(plain);
}
