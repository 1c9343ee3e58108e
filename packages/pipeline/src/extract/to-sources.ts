import {
  type Hints,
  type IncrementalHint,
  isResource,
  isSource,
  isSourceFactory,
  isTransformer,
  type Resource,
  type Source,
  type SourceDefinition,
  SourceError,
} from "@dlt/core";
import { checkCalled, cursorOf, makeSource, needsCursor, resourceDefinition, sourceDefinition } from "@dlt/core/engine";
import { type BareData, bareResource } from "./bare-resource.js";
import { readResources, withReadResources } from "./read-resources.js";

type Part = Source | Resource | ((...args: never[]) => unknown) | BareData;
/**
 * What a run takes: rows, pages, generator functions, streams, responses, paths and URLs of JSON and JSON-lines files,
 * resources, sources and their factories, promises of these, and lists of resources and sources.
 */
export type RunData = Part | Promise<Part> | readonly (Part | Promise<Part>)[];

/** Hints for everything that a run reads. */
export type RunHints = Pick<
  Hints,
  | "tableName"
  | "writeDisposition"
  | "columns"
  | "skipNestedTypes"
  | "primaryKey"
  | "mergeKey"
  | "nestedHints"
  | "references"
  | "schemaContract"
  | "tableFormat"
  | "fileFormat"
  | "maxTableNesting"
> & {
  /**
   * A cursor for every resource that is read. Options, and a bare value, change those of the resources that have one; `null` takes them
   * away.
   */
  readonly incremental?: IncrementalHint;
};

export interface DataOptions {
  /** Config section of rows and resources that belong to no source. */
  readonly pipelineName: string;
  /** Schema of rows and resources that belong to no source. */
  readonly schemaName: string;
  /** Takes the place of the schemas of all sources, and its name of theirs. Default: none. */
  readonly schema?: { readonly name: string; readonly document: object } | null;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Applied to every resource that is read, also to those that feed others. `tableName` also names bare rows. */
  readonly hints?: RunHints;
  /** Gives a source what the configuration says of it, before the hints. Default: nothing. */
  configure?(source: SourceDefinition): SourceDefinition;
}

/**
 * The sources of what a run was given, ordered by their names. Resources that belong to no source become sources of the
 * pipeline's own schema: as many as it takes for each to have its names once; bare rows become one more. What was given is not
 * changed.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_DATA_UNSUPPORTED`, `RESOURCE_DATA_MISSING`, `RESOURCE_NOT_CONNECTED`,
 *   `INCREMENTAL_NOT_DECLARED`, `INCREMENTAL_OPTION_INVALID`, `RESOURCE_ARGUMENTS_MISSING`
 */
export async function toSources(data: RunData, options: DataOptions): Promise<readonly SourceDefinition[]> {
  const sources: Source[] = [];
  const resources: Resource[] = [];
  const bare: Resource[] = [];
  for (const part of await partsOf(data)) {
    if (isSource(part)) sources.push(part);
    else if (isResource(part)) resources.push(part);
    else bare.push(bareResource(part, { tableName: staticName(options.hints), cwd: options.cwd }));
  }
  sources.push(...ownSources(resources, options), ...ownSources(bare, options));
  const { hints, configure = (source: SourceDefinition) => source } = options;
  const configured = sources.map((source) => configure(sourceDefinition(source)));
  checkCursorHint(configured, hints);
  return configured
    .map((source) => withRunHints(withSchema(source, options.schema ?? null), hints))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Sources and resources one by one; anything else is one piece of data. Factories are called, promises awaited. */
async function partsOf(data: RunData): Promise<readonly unknown[]> {
  const settled: unknown = await data;
  if (!Array.isArray(settled)) return [await made(settled)];
  const [first] = settled as readonly unknown[];
  const begins = first instanceof Promise ? await first : first;
  const isList = isSource(begins) || isResource(begins) || isSourceFactory(begins) || isTransformer(begins);
  return isList ? await Promise.all((settled as readonly unknown[]).map(made)) : [settled];
}

async function made(part: unknown): Promise<unknown> {
  const settled = await part;
  checkCalled(settled);
  if (isTransformer(settled)) {
    throw new SourceError(
      "RESOURCE_NOT_CONNECTED",
      `The transformer \`${settled.name}\` has no resource that feeds it.`,
      {
        hint: `Load \`parent.pipe(${settled.name})\`.`,
        context: { resource: settled.name },
      },
    );
  }
  return isSourceFactory(settled) ? await settled() : settled;
}

/** Sources of the pipeline's own schema. The k-th resource of a name goes to the k-th source. */
function ownSources(resources: readonly Resource[], { schemaName, pipelineName }: DataOptions): readonly Source[] {
  const groups: Map<string, Resource>[] = [];
  for (const resource of resources) {
    const free = groups.find((group) => !group.has(resource.name));
    if (free !== undefined) free.set(resource.name, resource);
    else groups.push(new Map([[resource.name, resource]]));
  }
  return groups.map((group) => {
    const sections = new Set([...group.values()].map((resource) => resourceDefinition(resource).section));
    const [section] = sections;
    return makeSource({
      name: schemaName,
      section: sections.size === 1 && section !== undefined ? section : pipelineName,
      resources: group,
    });
  });
}

/** A source with the schema of the run; rules that its function made belong to the schema before. */
function withSchema(source: SourceDefinition, schema: (DataOptions["schema"] & object) | null): SourceDefinition {
  if (schema === null) return source;
  return { ...source, name: schema.name, schema: schema.document, schemaChanges: [] };
}

/** A copy of a source whose resources have the hints of the run. */
function withRunHints(source: SourceDefinition, hints: RunHints | undefined): SourceDefinition {
  if (hints === undefined || Object.keys(hints).length === 0) return source;
  const { incremental, ...others } = hints;
  const changed = withReadResources(source, (resource) => {
    const skipped = incremental === undefined || (needsCursor(incremental) && !hasCursor(resource));
    resource.applyHints(skipped ? others : hints);
  });
  const contract = typeof hints.schemaContract === "function" ? undefined : hints.schemaContract;
  return { ...changed, ...(contract !== undefined && { schemaContract: contract }) };
}

/** Options of a cursor are for the resources that have one, of which there has to be any. */
function checkCursorHint(sources: readonly SourceDefinition[], hints: RunHints | undefined): void {
  const { incremental } = hints ?? {};
  if (incremental === undefined || !needsCursor(incremental)) return;
  if (sources.some((source) => readResources(source.resources.values()).some(hasCursor))) return;
  throw new SourceError("INCREMENTAL_NOT_DECLARED", "None of what is read has a cursor whose options could change.", {
    hint: 'Give `cursorPath` as well, or a whole cursor: `incremental: incremental("updated_at", { … })`.',
    context: { sources: sources.map(({ name }) => name).join(", ") },
  });
}

function hasCursor(resource: Resource): boolean {
  return cursorOf(resourceDefinition(resource).steps) !== undefined;
}

function staticName(hints: RunHints | undefined): string | undefined {
  return typeof hints?.tableName === "string" ? hints.tableName : undefined;
}
