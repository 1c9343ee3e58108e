import {
  type Hints,
  type Incremental,
  isResource,
  isSource,
  isSourceFactory,
  isTransformer,
  type Resource,
  type Source,
  type SourceDefinition,
  SourceError,
} from "@dlt/core";
import { cloneResources, makeSource, resourceDefinition, sourceDefinition } from "@dlt/core/engine";
import { type BareData, bareResource } from "./bare-resource.js";

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
> & { readonly incremental?: Incremental<unknown> | null };

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
}

/**
 * The sources of what a run was given, ordered by their names. Resources that belong to no source become sources of the
 * pipeline's own schema: as many as it takes for each to have its names once; bare rows become one more. What was given is not
 * changed.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_DATA_UNSUPPORTED`, `RESOURCE_DATA_MISSING`, `RESOURCE_NOT_CONNECTED`
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
  return sources
    .map((source) => withRunHints(withSchema(sourceDefinition(source), options.schema ?? null), options.hints))
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
  const selected = [...source.resources.values()].filter((resource) => resource.selected);
  const copies = cloneResources(source.resources.values());
  const hinted = new Set<Resource>();
  const apply = (resource: Resource | undefined): void => {
    if (resource === undefined || hinted.has(resource)) return;
    hinted.add(resource);
    resource.applyHints(hints);
    const { body } = resourceDefinition(resource);
    if (body.kind === "transformer") apply(body.parent);
  };
  for (const resource of selected) apply(copies.get(resource));
  const resources = new Map([...source.resources].map(([name, resource]) => [name, copies.get(resource) ?? resource]));
  const contract = typeof hints.schemaContract === "function" ? undefined : hints.schemaContract;
  return { ...source, resources, ...(contract !== undefined && { schemaContract: contract }) };
}

function staticName(hints: RunHints | undefined): string | undefined {
  return typeof hints?.tableName === "string" ? hints.tableName : undefined;
}
