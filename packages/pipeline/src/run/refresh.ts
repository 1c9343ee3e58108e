import { PackageError, type Schema, type SourceDefinition, type TableSchema } from "@dlt/core";
import {
  bumpVersion,
  dropTables,
  formatSchema,
  formatTable,
  hasSeenData,
  isDltTable,
  linkHash,
  rootTables,
  tableChain,
  versionHash,
  withTables,
} from "@dlt/core/engine";
import { pipelineSettings } from "../config/pipeline-settings.js";
import { resourceGraph } from "../extract/index.js";
import type { JsonValueDocument } from "../package/manifest.js";
import type { PackageOrigin } from "../package/package-origin.js";
import { changedImport } from "../schema-files/schema-files.js";
import { encodeSourceState, isStateObject, type StateObject } from "../state/state-object.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { pendingLoadIds } from "./drop-pending.js";
import type { PipelineContext } from "./pipeline-context.js";
import type { RefreshMode } from "./pipeline-options.js";
import { rejectsResource, withReplayed } from "./replayed-rejects.js";
import { schemaPlace } from "./target.js";

/** What an extract forgets of a schema before it begins. Nothing is changed until the extract is committed. */
export interface Refresh {
  /** The schema to go on with; `null`: only that of the sources. */
  readonly stored: Schema | null;
  /** Tables that are dropped, or truncated, when the package is loaded; nested ones before their parents. */
  readonly dropTables: readonly JsonValueDocument[];
  readonly truncateTables: readonly JsonValueDocument[];
  /** The `sources` part of the state without what is forgotten. */
  resetState(sources: StateObject): StateObject;
  /** The schema that the extract starts from, with the one that it replaces among the previous ones. */
  linked(startSchema: Schema): Schema;
  /** What the local documents become when a package is dropped whose tables were reset already; `sources`: before the refresh. */
  origin(startSchema: Schema, sources: StateObject): Pick<PackageOrigin, "afterReset">;
}

/**
 * What a refresh makes of a schema and its part of the state, for all sources of its name. `null`: nothing, because no refresh was
 * asked for, or nothing of the sources was extracted before.
 *
 * Tables and resources are those of the pipeline's schema: with `drop_sources` all that it has, otherwise those of resources that
 * are read, resources that only feed others included.
 */
export async function refreshOf(
  claimed: ClaimedPipeline,
  options: {
    readonly mode: RefreshMode | null;
    /** That of the pipeline; `null`: it has none. */
    readonly stored: Schema | null;
    readonly sources: readonly SourceDefinition[];
  },
): Promise<Refresh | null> {
  const { mode, stored: schema, sources } = options;
  if (mode === null || schema === null || sources.length === 0) return null;
  const { name } = schema;
  const read = new Set(sources.flatMap((source) => resourceGraph(source).map((node) => node.name)));
  const roots = rootTables(schema).filter(
    ({ name: table, resource }) => !isDltTable(schema, table) && isReset(resource, { mode, read }),
  );
  return await forgetOf(claimed, { mode, schema, roots, reset: (state) => resetSources(state, { mode, name, read }) });
}

/** What a schema forgets: these root tables with those nested in them, and of the state what `reset` leaves out. */
export async function forgetOf(
  claimed: ClaimedPipeline,
  options: {
    readonly mode: RefreshMode;
    readonly schema: Schema;
    readonly roots: readonly TableSchema[];
    reset(sources: StateObject): StateObject;
  },
): Promise<Refresh> {
  const { mode, schema, roots, reset } = options;
  const { name } = schema;
  const tables = roots.flatMap((root) => tableChain(schema, root.name)).reverse();
  const names = tables.map((table) => table.name);
  const documents = tables.filter(hasSeenData).map((table) => JSON.parse(formatTable(table)) as JsonValueDocument);
  const replaced = versionHash(schema);
  // Rows that were rejected before are read again: what the pipeline knows by now is the last of them.
  const { lastLoadId } = claimed;
  const rejected = claimed.context.rejects === "none" || lastLoadId === null ? [] : names;
  const resetState = (state: StateObject): StateObject =>
    rejected.reduce(
      (reset, table) => withReplayed(reset, { schemaName: name, table, lastLoadId: lastLoadId ?? "" }),
      reset(state),
    );
  return {
    stored: await storedAfter(claimed, { mode, schema, names }),
    dropTables: mode === "drop_data" ? [] : documents,
    truncateTables: mode === "drop_data" ? documents : [],
    resetState,
    linked: (startSchema) => (mode === "drop_sources" ? linkHash(startSchema, replaced) : startSchema),
    origin: (startSchema, state) => ({
      afterReset: {
        schema: formatSchema(bumpVersion(startSchema)),
        sourceState: encodeSourceState(resetState(state), name),
      },
    }),
  };
}

/** The schema of the pipeline without what is dropped; tables that its import file declares are as the file has them. */
async function storedAfter(
  { context }: ClaimedPipeline,
  options: { readonly mode: RefreshMode; readonly schema: Schema; readonly names: readonly string[] },
): Promise<Schema | null> {
  const { mode, schema, names } = options;
  if (mode === "drop_data") return schema;
  const place = schemaPlace(context);
  const imported = await changedImport(context.schemaFiles, { name: schema.name, stored: null, place });
  if (mode === "drop_sources") return imported?.schema ?? null;
  const declared = [...(imported?.schema.tables.values() ?? [])].filter((table) => names.includes(table.name));
  return withTables(dropTables(schema, names), declared);
}

/** The `sources` part of the state without what a refresh forgets of one source; `read`: resources that are read. */
export function resetSources(
  sources: StateObject,
  options: { readonly mode: RefreshMode; readonly name: string; readonly read: ReadonlySet<string> },
): StateObject {
  const { mode, name } = options;
  const state = sources.get(name);
  if (!isStateObject(state)) return sources;
  const others = mode === "drop_sources" ? [] : [...state].filter(([key]) => key !== "resources");
  const resources = state.get("resources");
  if (!isStateObject(resources)) return new Map(sources).set(name, new Map(others));
  // What is noted of rejected rows is no state of a resource: without it they would be loaded again.
  const kept = [...resources].filter(([resource]) => resource === rejectsResource || !isReset(resource, options));
  return new Map(sources).set(name, new Map([...others, ["resources", new Map(kept)]]));
}

function isReset(
  resource: string | null | undefined,
  { mode, read }: { readonly mode: RefreshMode; readonly read: ReadonlySet<string> },
): boolean {
  return mode === "drop_sources" || (typeof resource === "string" && read.has(resource));
}

/** The refresh of a call: given, or that of the pipeline. @throws ConfigError for what is none */
export function refreshMode(
  { config, settings }: PipelineContext,
  given: RefreshMode | null | undefined,
): RefreshMode | null {
  if (given === null) return null;
  const { refresh } = given === undefined ? settings : pipelineSettings({ config, given: { refresh: given } });
  return refresh ?? null;
}

/**
 * Refuses to forget tables while packages are pending: what they hold is not known yet, and would be loaded after all. `asked`: what is
 * to forget them, e.g. `dropResources`; `null`: nothing.
 * @throws PackageError `REFRESH_WITH_PENDING_PACKAGES`
 */
export async function refusePending({ store, context }: ClaimedPipeline, asked: string | null): Promise<void> {
  const pending = asked === null ? [] : await pendingLoadIds(store);
  if (asked === null || pending.length === 0) return;
  const { pipelineName } = context;
  throw new PackageError(
    "REFRESH_WITH_PENDING_PACKAGES",
    `Pipeline \`${pipelineName}\` has ${pending.length} pending load package(s), so that \`${asked}\` cannot tell which tables they make. Nothing was changed.`,
    {
      hint: "Call `run()` to load them, or `dropPending()` to give them up; then extract again.",
      context: { pipelineName, asked, pending: pending.join(", ") },
    },
  );
}
