import { inflateSync } from "node:zlib";
import type { SchemaText, StateStore } from "@dlt/core";
import { bumpVersion, formatSchema, parseSchema } from "@dlt/core/engine";
import { commitLocally } from "../package/local-commit.js";
import { exportSchema, linkedToImport } from "../schema-files/schema-files.js";
import { restoredState } from "../state/restore-state.js";
import { encodePipelineState, type PipelineState } from "../state/state-document.js";
import { bumpState } from "../state/state-hash.js";
import { restoreState } from "../state/stored-state.js";
import { loadIdMicros } from "../workspace/load-id.js";
import { createWorkingFolder, wipeWorkingFolder } from "../workspace/working-folder.js";
import { type ClaimedPipeline, initialState, noteLoadId, saveState } from "./claimed-pipeline.js";
import type { ClientPool } from "./client-pool.js";
import { withSchemas, withTarget } from "./pipeline-state.js";
import { schemaPlace, type Target } from "./target.js";

export interface SyncStepInput {
  readonly claimed: ClaimedPipeline;
  readonly target: Target;
  readonly clients: ClientPool;
  /** Dataset that was given to the step. */
  readonly givenDataset: string | undefined;
}

/**
 * Takes state and schemas from the destination when they are newer there, or missing here. When the dataset is gone that
 * this pipeline loaded into, the pipeline starts anew. A destination that keeps no state changes nothing.
 */
export async function syncStep(input: SyncStepInput): Promise<void> {
  const { claimed, clients } = input;
  const { client } = await clients.forSchema(null);
  if (client.state === undefined) return;
  const record = await client.state.readState(claimed.context.pipelineName);
  if (record === null) {
    const wasLoaded = !claimed.state.local.firstRun;
    if (wasLoaded && !(await client.state.datasetExists())) await startAnew(input);
    else await fetchSchemas(claimed, client.state, { state: claimed.state, names: missingSchemas(claimed) });
    return;
  }
  const lastLoadId = await client.state.readLastLoadId();
  if (lastLoadId !== null) {
    warnOfFuture(claimed, lastLoadId);
    noteLoadId(claimed, lastLoadId);
  }
  const { state, isTaken } = restoredState(claimed.state, restoreState(record.state));
  const names = isTaken ? state.schemaNames : missingSchemas(claimed);
  await fetchSchemas(claimed, client.state, { state, names, replaceAll: isTaken });
}

function missingSchemas({ state, schemas }: ClaimedPipeline): readonly string[] {
  return state.schemaNames.filter((name) => !schemas.has(name));
}

/** Reads schemas and saves them with the state, both or neither. */
async function fetchSchemas(
  claimed: ClaimedPipeline,
  remote: StateStore,
  options: { readonly state: PipelineState; readonly names: readonly string[]; readonly replaceAll?: boolean },
): Promise<void> {
  const { state, names, replaceAll = false } = options;
  const { schemaFiles } = claimed.context;
  const schemas = new Map<string, SchemaText | null>();
  if (replaceAll) for (const name of claimed.schemas.keys()) schemas.set(name, null);
  for (const name of names) {
    const record = await remote.readSchema(name);
    if (record === null) continue;
    const schema = bumpVersion(parseSchema(storedText(record.schema), schemaPlace(claimed.context)));
    schemas.set(name, formatSchema(await exportSchema(schemaFiles, await linkedToImport(schemaFiles, schema))));
  }
  const kept = new Map(replaceAll ? [] : claimed.schemas);
  for (const [name, text] of schemas) if (text !== null) kept.set(name, text);
  const synced = bumpState(withSchemas(state, kept.keys(), null));
  const text = encodePipelineState(synced);
  if (text === encodePipelineState(claimed.state) && schemas.size === 0) return;
  const change = { state: text, schemas: Object.fromEntries(schemas) };
  await commitLocally(claimed.store, { dropped: [], change });
  claimed.state = synced;
  claimed.schemas.clear();
  for (const [name, text] of kept) claimed.schemas.set(name, text);
}

async function startAnew({ claimed, target, givenDataset }: SyncStepInput): Promise<void> {
  const { context } = claimed;
  await wipeWorkingFolder(context.folder);
  await createWorkingFolder(context.folder);
  claimed.schemas.clear();
  const { datasetName } = claimed.state;
  const fresh = { ...initialState(context), datasetName };
  await saveState(claimed, bumpState(withTarget(fresh, context, { target, givenDataset })));
}

/** A stored text as it is, or decompressed: strict Base64 of zlib data. */
function storedText(text: string): SchemaText {
  if (text.startsWith("{")) return text;
  return inflateSync(Buffer.from(text, "base64")).toString("utf8");
}

const hourMicros = 3_600_000_000n;

function warnOfFuture({ context }: ClaimedPipeline, loadId: string): void {
  const ahead = loadIdMicros(loadId) - context.runtime.nowMicros();
  if (ahead <= hourMicros) return;
  process.emitWarning(
    `The destination of pipeline \`${context.pipelineName}\` has the load id \`${loadId}\`, which is ${ahead / hourMicros} hour(s) ahead of the clock of this machine. New load ids follow on it.`,
    { type: "DltWarning", code: "LOAD_ID_IN_FUTURE" },
  );
}
