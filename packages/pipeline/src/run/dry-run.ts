import { createReadStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PartialTable, Schema, SourceDefinition } from "@dlt/core";
import { diffSchemas, isComplete, newSchema, parseSchema, setOwnMember } from "@dlt/core/engine";
import type { RunData } from "../extract/index.js";
import { type DryRunInfo, dryRunInfo } from "../info/dry-run-info.js";
import { dateOf } from "../info/duration.js";
import { tableRows } from "../info/package-info.js";
import type { TableRows } from "../info/table-tree.js";
import { type TableUpdate, tableUpdate } from "../info/table-update.js";
import { planLoad } from "../load/load-plan.js";
import { loadFilePath, type NormalizedPackage, readNormalized } from "../package/normalized-package.js";
import { deleteFolder, listPackages, type PackageStore, packageStore } from "../package/package-store.js";
import { canonicalDestinationType } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import { createWorkingFolder, workingFolder, writeSchemaText } from "../workspace/working-folder.js";
import { checkSources } from "./check-sources.js";
import { type ClaimedPipeline, initialState } from "./claimed-pipeline.js";
import { clientPool } from "./client-pool.js";
import { extractStep } from "./extract-step.js";
import { readLocalDocuments } from "./local-documents.js";
import { normalizeStep } from "./normalize-step.js";
import {
  givenDestination,
  type OpenDestination,
  type Operation,
  type PipelineMemory,
  requireDestination,
} from "./operation.js";
import type { PipelineContext } from "./pipeline-context.js";
import type { DryRunOptions, RefreshMode } from "./pipeline-options.js";
import { withTarget } from "./pipeline-state.js";
import { refreshMode } from "./refresh.js";
import { sourcesOf } from "./sources-of.js";
import { withCapabilities } from "./staging.js";
import { stepRecorder } from "./step-recorder.js";
import { syncStep } from "./sync-step.js";
import { findTarget, schemaBinding, type Target, widensColumns } from "./target.js";

/**
 * Extracts and normalizes in a temporary folder that starts from the pipeline's local documents and is removed afterwards, and
 * asks the destination what it would do. Neither the pipeline nor the destination is changed; pending packages are left alone.
 */
export async function dryRunPipeline(
  memory: PipelineMemory,
  data: RunData,
  options: DryRunOptions,
): Promise<DryRunInfo> {
  const { context } = memory;
  const pipelinesDir = await mkdtemp(join(tmpdir(), "dlt-dry-run-"));
  try {
    const claimed = await trialPipeline(context, { pipelinesDir, lastLoadId: memory.lastLoadId });
    const signal = AbortSignal.any([memory.closing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const target = await findTarget(context, givenDestination(memory, options), claimed.state);
    await using clients = target === null ? null : clientPool(claimed, target, signal);
    const destination = target === null || clients === null ? null : { target, clients };
    const recorder = stepRecorder(claimed, { signal, cutOff: signal });
    const operation: Operation = { memory, claimed, destination, signal, cutOff: signal, recorder };
    const open = requireDestination(operation, "dry run");
    const givenDataset = options.datasetName ?? memory.datasetName;
    claimed.state = bumpState(withTarget(claimed.state, context, { target, givenDataset }));
    const { restoreFromDestination, devMode } = context.settings;
    if (restoreFromDestination && !devMode) await syncStep({ claimed, ...open, givenDataset });
    const { sampleRows = 5 } = options;
    const sources = await sourcesOf(claimed, data, options);
    const { client } = await open.clients.forSchema(null);
    checkSources(sources, { destination: open.target.destination, client });
    const refresh = refreshMode(context, options.refresh);
    return await dryRun({ claimed, ...open, sources, refresh, sampleRows, signal });
  } finally {
    await deleteFolder(pipelinesDir);
  }
}

async function trialPipeline(
  original: PipelineContext,
  options: { readonly pipelinesDir: string; readonly lastLoadId: string | null },
): Promise<ClaimedPipeline> {
  const { pipelineName } = original;
  const runtime = quiet(original.runtime);
  const folder = workingFolder({ pipelineName, pipelinesDir: options.pipelinesDir, runtime });
  await createWorkingFolder(folder);
  const schemaFiles = { ...original.schemaFiles, exportFolder: null };
  const context: PipelineContext = { ...original, folder, runtime, schemaFiles };
  const known = original.settings.devMode ? null : readLocalDocuments(original.folder);
  for (const [name, text] of known?.schemas ?? []) await writeSchemaText(folder, name, text);
  return {
    context,
    store: packageStore({ folder, reached: () => undefined, assertHeld: async () => undefined }),
    lost: new AbortController().signal,
    state: known?.state ?? initialState(context),
    schemas: new Map(known?.schemas),
    lastLoadId: options.lastLoadId,
    loaded: [],
  };
}

interface DryRunInput extends OpenDestination {
  readonly claimed: ClaimedPipeline;
  readonly signal: AbortSignal;
  readonly sources: readonly SourceDefinition[];
  readonly refresh: RefreshMode | null;
  /** Rows that are shown of each table. */
  readonly sampleRows: number;
}

async function dryRun(input: DryRunInput): Promise<DryRunInfo> {
  const { claimed, target, clients, sources, refresh, signal } = input;
  const { context, store } = claimed;
  const startedAt = context.runtime.nowMicros();
  const before = new Map(claimed.schemas);
  const destination = { target, clients };
  await extractStep({ claimed, sources, dataInfo: [], destination, refresh, follower: null, signal });
  await normalizeStep({ claimed, target: inJsonLines(target), workers: undefined, signal, at: () => undefined });
  const statements: string[] = [];
  const schemaUpdate: Record<string, TableUpdate> = {};
  const rows: TableRows[] = [];
  let rejectedRows = 0;
  const sampleRows: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
  for (const loadId of await listPackages(store, "normalized")) {
    const content = await readNormalized(store, loadId);
    const { manifest } = content;
    const binding = schemaBinding(context, target, manifest.schemaName);
    const schema = parseSchema(content.schema, binding);
    const { replaceStrategy } = target.settings;
    const { plan } = planLoad({
      manifest,
      schema,
      schemaText: content.schema,
      capabilities: target.destination.capabilities,
      widensColumns: widensColumns(context, target.destination.capabilities),
      ...(replaceStrategy !== undefined && { replaceStrategy }),
    });
    const { client } = await clients.forSchema(manifest.schemaName);
    statements.push(...(await client.explain(plan)));
    const stored = before.get(manifest.schemaName);
    const known = stored === undefined ? newSchema(manifest.schemaName, binding) : parseSchema(stored, binding);
    const kept = withoutTables(known, plan.drop);
    for (const table of diffSchemas(kept, schema)) {
      const grown = completePart(table);
      if (grown !== null) setOwnMember(schemaUpdate, table.name, tableUpdate(grown, { before: kept, after: schema }));
    }
    const counted = tableRows(schema, manifest.rowCounts);
    rows.push(...counted);
    rejectedRows += manifest.rowCounts[schema.system.rejectsTable] ?? 0;
    for (const { name } of counted)
      setOwnMember(sampleRows, name, await firstRows(store, content, { table: name, count: input.sampleRows }));
  }
  const { client, dataset } = await clients.forSchema(null);
  return dryRunInfo({
    pipeline: { pipelineName: context.pipelineName },
    destinationType: canonicalDestinationType(target.destination.type),
    destinationName: target.destination.name,
    destinationDisplayableCredentials: client.displayLocation,
    datasetName: dataset,
    tableRows: rows,
    rejectedRows,
    schemaUpdate,
    statements,
    sampleRows,
    startedAt: dateOf(startedAt),
    finishedAt: dateOf(context.runtime.nowMicros()),
  });
}

/** The schema without tables that are dropped; those that come again are new. */
function withoutTables(schema: Schema, names: readonly string[]): Schema {
  return { ...schema, tables: new Map([...schema.tables].filter(([name]) => !names.includes(name))) };
}

/** The target as if it took JSON lines only, which can be read back without it. */
function inJsonLines(target: Target): Target {
  const { destination } = target;
  const plain = { preferredFileFormat: "jsonl", fileFormats: ["jsonl"], compressesFiles: false };
  return { ...target, destination: withCapabilities(destination, { ...destination.capabilities, ...plain }) };
}

/** The table with only its complete columns; `null` when there are none. */
function completePart(table: PartialTable): PartialTable | null {
  const columns = new Map([...table.columns].filter(([, column]) => isComplete(column)));
  return columns.size === 0 ? null : { ...table, columns };
}

async function firstRows(
  store: PackageStore,
  { manifest }: NormalizedPackage,
  { table, count }: { readonly table: string; readonly count: number },
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  for (const file of manifest.files) {
    // Files that are loaded as they are may be compressed, or no rows at all.
    if (file.table !== table || file.isImported === true) continue;
    const input = createReadStream(loadFilePath(store, manifest.loadId, file));
    for await (const line of createInterface({ input })) {
      if (rows.length === count) break;
      if (line !== "") rows.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    }
    input.destroy();
  }
  return rows;
}

/** The runtime without named points: what is tried out is no part of a run. */
function quiet(runtime: PipelineContext["runtime"]): PipelineContext["runtime"] {
  return {
    nowMicros: () => runtime.nowMicros(),
    randomBytes: (length) => runtime.randomBytes(length),
    reached: () => undefined,
    wait: (delayMs, signal) => runtime.wait(delayMs, signal),
    print: (line) => runtime.print(line),
    env: runtime.env,
    argv: runtime.argv,
    cwd: runtime.cwd,
  };
}
