import type { PlainJson } from "@dlt/core";
import { isDltTable, parseSchema, plainObjects, type SchemaPlace } from "@dlt/core/engine";
import type { AttemptDocument } from "./attempt-document.js";
import type { PlanFolder } from "./exchange.js";
import type { PartitionManifest } from "./partition.js";
import type { PlanDocument } from "./plan-document.js";
import { parseSourceState } from "./source-states.js";

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
  const state = plainObjects(parseSourceState(sourceState), (value) => value) as {
    readonly resources?: Readonly<
      Record<string, { readonly incremental?: Readonly<Record<string, { readonly last_value: PlainJson }>> }>
    >;
  };
  const cursors = resources.flatMap((name) => {
    const incremental = Object.entries(state.resources?.[name]?.incremental ?? {});
    if (incremental.length === 0) return [];
    return [[name, Object.fromEntries(incremental.map(([path, { last_value: last }]) => [path, last]))] as const];
  });
  return Object.fromEntries(cursors);
}
