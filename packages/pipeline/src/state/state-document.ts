import { type DataValue, isDltError, type JsonValue, PackageError, Timestamp } from "@dlt/core";
import { decodeJson, decodeMarked, encodeJson } from "@dlt/core/engine";
import { migrateState, stateEngineVersion } from "./migrate-state.js";
import { isStateObject, type StateObject } from "./state-object.js";

export type { StateObject };

/** What a pipeline remembers from run to run. */
export interface PipelineState {
  /** Grows with each change. */
  readonly version: number;
  /** Version of the layout of the document. */
  readonly engineVersion: typeof stateEngineVersion;
  /** Of the content; `null` until it was hashed for the first time. */
  readonly versionHash: string | null;
  readonly pipelineName: string;
  /** As it was given, not normalized. */
  readonly datasetName: string | null;
  readonly defaultSchemaName: string | null;
  readonly schemaNames: readonly string[];
  /** Full type, e.g. `dlt.destinations.duckdb`; `null` until there is a destination. */
  readonly destinationType: string | null;
  /** A name of its own; `null` when it has only that of its type. */
  readonly destinationName: string | null;
  readonly stagingType: string | null;
  readonly stagingName: string | null;
  /** State of the sources by name. */
  readonly sources: StateObject;
  /** The document has `sources` also while no source has a state: from the first refresh on. */
  readonly keepsSources: boolean;
  readonly local: LocalState;
  /** Entries that this version does not know, kept as they are. */
  readonly other: StateObject;
}

/** What never leaves this machine and is not hashed. */
interface LocalState {
  /** Nothing was loaded yet. */
  readonly firstRun: boolean;
  readonly devMode: boolean;
  /** Folder that relative paths of local destinations start from. */
  readonly initialCwd: string | null;
  /** Microseconds since 1970 UTC. */
  readonly lastExtractedAt: bigint | null;
  /** Hash of the state that was extracted last. */
  readonly lastExtractedHash: string | null;
  /** Folders of the last run: `settings_dir`, `local_dir`, `run_dir`, `uri`. */
  readonly lastRunContext: StateObject | null;
  readonly other: StateObject;
}

/** The state of a pipeline that never ran, without a hash. */
export function newPipelineState(pipelineName: string): PipelineState {
  return {
    version: 0,
    engineVersion: stateEngineVersion,
    versionHash: null,
    pipelineName,
    datasetName: null,
    defaultSchemaName: null,
    schemaNames: [],
    destinationType: null,
    destinationName: null,
    stagingType: null,
    stagingName: null,
    sources: new Map(),
    keepsSources: false,
    local: newLocalState,
    other: new Map(),
  };
}

/**
 * Reads a state document, also one of an earlier layout.
 * @throws PackageError `STATE_DOCUMENT_INVALID`, `STATE_ENGINE_TOO_NEW`
 */
export function decodePipelineState(text: string): PipelineState {
  let json: JsonValue;
  try {
    json = decodeJson(text);
  } catch (error) {
    throw invalidState(isDltError(error) ? error.message : "it is not JSON");
  }
  if (!isStateObject(json)) throw invalidState("it is not a JSON object");
  return stateOf(migrateState(json));
}

/** The document with its local part, as it is kept in the working folder. */
export function encodePipelineState(state: PipelineState): string {
  const document = new Map<string, DataValue>(stateDocument(state)).set("_local", localDocument(state.local));
  return encodeJson(document, { typed: true });
}

/** The document without its local part, as it is hashed and stored. */
export function stateDocument(state: PipelineState): StateObject {
  const document = new Map<string, JsonValue>([
    ["_state_version", state.version],
    ["_state_engine_version", state.engineVersion],
    ["pipeline_name", state.pipelineName],
    ["dataset_name", state.datasetName],
    ["default_schema_name", state.defaultSchemaName],
    ["schema_names", state.schemaNames],
  ]);
  if (state.destinationType !== null)
    document.set("destination_type", state.destinationType).set("destination_name", state.destinationName);
  if (state.stagingType !== null)
    document.set("staging_type", state.stagingType).set("staging_name", state.stagingName);
  if (state.sources.size > 0 || state.keepsSources) document.set("sources", state.sources);
  for (const [key, value] of state.other) document.set(key, value);
  if (state.versionHash !== null) document.set("_version_hash", state.versionHash);
  return document;
}

/** The state with that of one source replaced by what `encodeSourceState` gave. */
export function withSourceState(state: PipelineState, sourceName: string, text: string | null): PipelineState {
  const sources = new Map(state.sources);
  if (text === null) sources.delete(sourceName);
  else sources.set(sourceName, decodeJson(text));
  return { ...state, sources };
}

/** `duckdb` → `dlt.destinations.duckdb`: how Python dlt stores the type of a destination. */
export function canonicalDestinationType(type: string): string {
  return type.includes(".") ? type : `dlt.destinations.${type}`;
}

const newLocalState: LocalState = {
  firstRun: true,
  devMode: false,
  initialCwd: null,
  lastExtractedAt: null,
  lastExtractedHash: null,
  lastRunContext: null,
  other: new Map(),
};

function stateOf(document: StateObject): PipelineState {
  const read = entryReader(document);
  const destinationType = read("destination_type", isText);
  const stagingType = read("staging_type", isText);
  const pipelineName = read("pipeline_name", isText);
  if (pipelineName === null) throw invalidState("it has no `pipeline_name`");
  return {
    version: read("_state_version", isCount) ?? 0,
    engineVersion: stateEngineVersion,
    versionHash: read("_version_hash", isText),
    pipelineName,
    datasetName: read("dataset_name", isText),
    defaultSchemaName: read("default_schema_name", isText),
    schemaNames: read("schema_names", isTexts) ?? [],
    destinationType,
    destinationName: ownName(destinationType, read("destination_name", isText)),
    stagingType,
    stagingName: ownName(stagingType, read("staging_name", isText)),
    sources: read("sources", isStateObject) ?? new Map(),
    keepsSources: document.has("sources"),
    local: localOf(read("_local", isStateObject) ?? new Map()),
    other: entriesWithout(document, knownKeys),
  };
}

function localOf(document: StateObject): LocalState {
  const read = entryReader(document);
  return {
    firstRun: read("first_run", isBoolean) ?? newLocalState.firstRun,
    devMode: read("_dev_mode", isBoolean) ?? newLocalState.devMode,
    initialCwd: read("initial_cwd", isText),
    lastExtractedAt: instantOf(read("_last_extracted_at", isText)),
    lastExtractedHash: read("_last_extracted_hash", isText),
    lastRunContext: read("last_run_context", isStateObject),
    other: entriesWithout(document, knownLocalKeys),
  };
}

function localDocument(local: LocalState): ReadonlyMap<string, DataValue> {
  const document = new Map<string, DataValue>([
    ["first_run", local.firstRun],
    ["_dev_mode", local.devMode],
    ["initial_cwd", local.initialCwd],
    ["last_run_context", local.lastRunContext],
  ]);
  if (local.lastExtractedAt !== null) document.set("_last_extracted_at", Timestamp.fromMicros(local.lastExtractedAt));
  if (local.lastExtractedHash !== null) document.set("_last_extracted_hash", local.lastExtractedHash);
  for (const [key, value] of local.other) document.set(key, value);
  return document;
}

const knownKeys = new Set([
  "_state_version",
  "_state_engine_version",
  "_version_hash",
  "_local",
  "pipeline_name",
  "dataset_name",
  "default_schema_name",
  "schema_names",
  "destination_type",
  "destination_name",
  "staging_type",
  "staging_name",
  "sources",
]);
const knownLocalKeys = new Set([
  "first_run",
  "_dev_mode",
  "initial_cwd",
  "_last_extracted_at",
  "_last_extracted_hash",
  "last_run_context",
]);

/** A name that says no more than the type is none. */
function ownName(type: string | null, name: string | null): string | null {
  return type !== null && name === type.slice(type.lastIndexOf(".") + 1) ? null : name;
}

function instantOf(text: string | null): bigint | null {
  const value = text === null ? null : decodeMarked(text);
  return value instanceof Timestamp ? value.micros : null;
}

type Check<Value> = (value: unknown) => value is Value;

/** Reads entries that may be missing or null, and refuses those of another type. */
function entryReader(document: StateObject): <Value>(key: string, check: Check<Value>) => Value | null {
  return (key, check) => {
    const value = document.get(key) ?? null;
    if (value !== null && !check(value)) throw invalidState(`\`${key}\` has a value of the wrong type`);
    return value;
  };
}

function entriesWithout(document: StateObject, keys: ReadonlySet<string>): StateObject {
  return new Map([...document].filter(([key]) => !keys.has(key)));
}

const isText: Check<string> = (value) => typeof value === "string";
const isBoolean: Check<boolean> = (value) => typeof value === "boolean";
const isCount: Check<number> = (value): value is number => Number.isSafeInteger(value);
const isTexts: Check<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

function invalidState(reason: string): PackageError {
  return new PackageError("STATE_DOCUMENT_INVALID", `A pipeline state cannot be read: ${reason.replace(/\.$/, "")}.`, {
    hint: "Drop the local state of this pipeline to take it from the destination again, or repair the stored one.",
  });
}
