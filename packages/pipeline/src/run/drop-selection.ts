import { PackageError, type Schema, type TableSchema } from "@dlt/core";
import { hasSeenData, isDltTable, parseSchema, rootTables, tableChain } from "@dlt/core/engine";
import { isStateObject } from "../state/state-object.js";
import type { LocalDocuments } from "./local-documents.js";
import type { PipelineContext } from "./pipeline-context.js";
import { parseStatePath, placesOf, type StatePath } from "./state-paths.js";
import { schemaPlace } from "./target.js";

/** What is dropped of a pipeline. */
export interface DropSelection {
  /** Names of resources, or patterns of names such as `re:repo_.*`, which match from the beginning; `all`: every one. Default: none. */
  readonly resources?: readonly string[] | "all";
  /** Paths into the state of the source beside that of its resources, e.g. `repos.last_page`; `*` for any key. Default: none. */
  readonly statePaths?: readonly string[];
  /** Schema whose resources are meant. Default: the default schema. */
  readonly schemaName?: string;
  /** Leaves the tables as they are. Default: false. */
  readonly stateOnly?: boolean;
}

/** What dropping resources would do. */
export interface DropPlan {
  readonly schemaName: string;
  /** All resources that the schema or the state knows. */
  readonly knownResources: readonly string[];
  /** Those of them that were selected. */
  readonly resources: readonly string[];
  /** Tables that are dropped, with nested ones. */
  readonly tables: readonly string[];
  /** Those of them that have rows at the destination. */
  readonly tablesWithData: readonly string[];
  /** Resources whose state is forgotten. */
  readonly resourceStates: readonly string[];
  /** Places in the state of the source that are forgotten. */
  readonly statePaths: readonly string[];
  /** Nothing was selected. */
  readonly isEmpty: boolean;
}

/** What a selection stands for. */
export interface SelectedDrop {
  readonly schema: Schema;
  readonly resources: readonly string[];
  readonly roots: readonly TableSchema[];
  readonly statePaths: readonly StatePath[];
  readonly plan: Omit<DropPlan, "isEmpty">;
}

/** @throws PackageError `DROP_SELECTION_INVALID` */
export function planDrop(context: PipelineContext, local: LocalDocuments, selection: DropSelection): DropPlan {
  return dropPlanOf(selectDrop(context, local, selection));
}

export function dropPlanOf({ plan }: SelectedDrop): DropPlan {
  const { tables, resourceStates, statePaths } = plan;
  return { ...plan, isEmpty: tables.length + resourceStates.length + statePaths.length === 0 };
}

export function selectDrop(
  context: PipelineContext,
  { state, schemas }: LocalDocuments,
  selection: DropSelection,
): SelectedDrop {
  const { resources: wanted = [], statePaths: wantedPaths = [], stateOnly = false } = selection;
  const schemaName = selection.schemaName ?? state.defaultSchemaName;
  const text = schemaName === null ? undefined : schemas.get(schemaName);
  if (schemaName === null || text === undefined) throw noSchema(context, schemaName, [...schemas.keys()]);
  const schema = parseSchema(text, schemaPlace(context));
  const ownRoots = rootTables(schema).filter(({ name }) => !isDltTable(schema, name));
  const states = resourceStatesOf(state.sources.get(schemaName));
  const known = [...new Set([...ownRoots.flatMap(({ resource }) => resource ?? []), ...states])].sort();
  const isWanted = selects(wanted);
  const resources = known.filter(isWanted);
  const roots = stateOnly ? [] : ownRoots.filter(({ resource }) => typeof resource === "string" && isWanted(resource));
  const tables = roots.flatMap((root) => tableChain(schema, root.name));
  const statePaths = wantedPaths.map(pathOf);
  return {
    schema,
    resources,
    roots,
    statePaths,
    plan: {
      schemaName,
      knownResources: known,
      resources,
      tables: tables.map(({ name }) => name),
      tablesWithData: tables.filter(hasSeenData).map(({ name }) => name),
      resourceStates: states.filter(isWanted),
      statePaths: statePaths.flatMap((path) => placesOf(state.sources, schemaName, path)),
    },
  };
}

function resourceStatesOf(source: unknown): readonly string[] {
  const resources = isStateObject(source) ? source.get("resources") : undefined;
  return isStateObject(resources) ? [...resources.keys()] : [];
}

function selects(wanted: readonly string[] | "all"): (resource: string) => boolean {
  if (wanted === "all") return () => true;
  const patterns = wanted.filter((name) => name.startsWith(patternPrefix)).map(patternOf);
  return (resource) => wanted.includes(resource) || patterns.some((pattern) => pattern.test(resource));
}

const patternPrefix = "re:";

function patternOf(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text.slice(patternPrefix.length)})`, "u");
  } catch (error) {
    throw invalid(`\`${text}\` is not a pattern: ${error instanceof Error ? error.message : String(error)}`, {
      hint: "Write a regular expression behind `re:`, e.g. `re:repo_.*`.",
    });
  }
}

function pathOf(text: string): StatePath {
  const path = parseStatePath(text);
  if (path !== null) return path;
  throw invalid(`\`${text}\` is not a path into the state`, {
    hint: "Write keys with dots between them, e.g. `repos.last_page`.",
  });
}

function noSchema({ pipelineName }: PipelineContext, name: string | null, known: readonly string[]): PackageError {
  const list = known.map((each) => `\`${each}\``).join(", ");
  if (name === null || known.length === 0)
    return invalid(`pipeline \`${pipelineName}\` has no schema yet`, { hint: "Run the pipeline first, or sync it." });
  return invalid(`pipeline \`${pipelineName}\` has no schema \`${name}\``, { hint: `Choose one of ${list}.` });
}

function invalid(problem: string, { hint }: { readonly hint: string }): PackageError {
  return new PackageError("DROP_SELECTION_INVALID", `Nothing was dropped: ${problem}.`, { hint });
}
