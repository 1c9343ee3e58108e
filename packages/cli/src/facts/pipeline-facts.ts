import type { Pipeline, SchemaView, TableView } from "@dlt/pipeline";

/** What is known of a pipeline on this machine. */
export interface PipelineFacts {
  readonly pipeline_name: string;
  readonly working_dir: string;
  readonly first_run: boolean;
  readonly state: {
    readonly _state_version: number;
    readonly _version_hash: string | null;
    readonly dataset_name: string | null;
    readonly default_schema_name: string | null;
    readonly schema_names: readonly string[];
    readonly destination_type: string | null;
    readonly destination_name: string | null;
  };
  /** State of the sources, by source. */
  readonly sources: Readonly<Record<string, unknown>>;
  readonly schemas: readonly SchemaFacts[];
  readonly packages: PackageFacts;
  /** `null`: no run left a trace. */
  readonly last_run: {
    readonly started_at: string;
    readonly finished_at: string;
    readonly is_failed: boolean;
  } | null;
}

export interface SchemaFacts {
  readonly schema_name: string;
  readonly version: number;
  readonly version_hash: string;
  readonly resources: readonly ResourceFacts[];
}

interface ResourceFacts {
  readonly resource_name: string;
  readonly tables: readonly {
    readonly table_name: string;
    readonly columns: number;
    /** Columns that no row decided the type of yet. */
    readonly incomplete_columns: number;
    readonly has_data: boolean;
  }[];
  /** Keys in the state of the resource. */
  readonly state_slots: number;
}

export interface PackageFacts {
  /** Load ids, oldest first. */
  readonly extracted: readonly string[];
  readonly normalized: readonly string[];
  readonly completed: readonly string[];
  /** The normalized package of which part is at the destination already; `null`: none. */
  readonly partially_loaded: string | null;
  /** Jobs that failed for good, in normalized and completed packages. */
  readonly failed_jobs: number;
}

export async function pipelineFacts(pipeline: Pipeline): Promise<PipelineFacts> {
  const { state, lastTrace, schemas } = pipeline;
  return {
    pipeline_name: pipeline.pipelineName,
    working_dir: pipeline.workingDir,
    first_run: pipeline.firstRun,
    state: {
      _state_version: state.version,
      _version_hash: state.versionHash,
      dataset_name: state.datasetName,
      default_schema_name: state.defaultSchemaName,
      schema_names: state.schemaNames,
      destination_type: state.destinationType,
      destination_name: state.destinationName,
    },
    sources: state.sources,
    schemas: Object.values(schemas).map((schema) => schemaFacts(schema, state.sources[schema.name])),
    packages: await packageFacts(pipeline),
    last_run:
      lastTrace === null
        ? null
        : {
            started_at: lastTrace.startedAt.toISOString(),
            finished_at: lastTrace.finishedAt.toISOString(),
            is_failed: lastTrace.steps.some(({ stepException }) => stepException !== null),
          },
  };
}

export async function packageFacts(pipeline: Pipeline): Promise<PackageFacts> {
  const normalized = await pipeline.listNormalizedLoadPackages();
  const completed = await pipeline.listCompletedLoadPackages();
  let failedJobs = 0;
  let partiallyLoaded: string | null = null;
  for (const loadId of [...normalized, ...completed]) {
    const { jobs, state } = await pipeline.getLoadPackageInfo(loadId);
    failedJobs += jobs.failedJobs.length;
    if (state === "normalized" && jobs.completedJobs.length > 0) partiallyLoaded ??= loadId;
  }
  return {
    extracted: await pipeline.listExtractedLoadPackages(),
    normalized,
    completed,
    partially_loaded: partiallyLoaded,
    failed_jobs: failedJobs,
  };
}

function schemaFacts(
  schema: SchemaView,
  sourceState: { readonly resources?: Readonly<Record<string, object>> } | undefined,
): SchemaFacts {
  const states = sourceState?.resources ?? {};
  const byResource = new Map<string, TableView[]>(Object.keys(states).map((name) => [name, []]));
  for (const table of Object.values(schema.tables)) {
    const resource = resourceOf(schema, table);
    if (resource === null || isSystemTable(table)) continue;
    byResource.set(resource, [...(byResource.get(resource) ?? []), table]);
  }
  return {
    schema_name: schema.name,
    version: schema.version,
    version_hash: schema.versionHash,
    resources: [...byResource]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, tables]) => ({
        resource_name: name,
        tables: tables.map(tableFacts),
        state_slots: Object.keys(states[name] ?? {}).length,
      })),
  };
}

function tableFacts({ name, columns, ...hints }: TableView): ResourceFacts["tables"][number] {
  const all = Object.values(columns);
  return {
    table_name: name,
    columns: all.length,
    incomplete_columns: all.filter(({ dataType }) => dataType === undefined || dataType === null).length,
    has_data: (hints["x-normalizer"] as { readonly "seen-data"?: unknown } | undefined)?.["seen-data"] === true,
  };
}

/** That of the root table above. */
function resourceOf(schema: SchemaView, table: TableView): string | null {
  const parent = typeof table.parent === "string" ? schema.tables[table.parent] : undefined;
  return parent === undefined ? (table.resource ?? null) : resourceOf(schema, parent);
}

/** Whatever a naming convention makes of it, the names of system tables begin alike. */
export function isSystemTable({ name }: Pick<TableView, "name">): boolean {
  return name.toLowerCase().startsWith("_dlt");
}
