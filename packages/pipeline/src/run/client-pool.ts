import type { DestinationClient, NamingConvention, StagingArea, StagingOptions } from "@dlt/core";
import { newSchema, parseSchema } from "@dlt/core/engine";
import { resolveConfigLater } from "../config/resolve-config.js";
import { loadSupport } from "../load-files/load-support.js";
import type { PipelinePoint } from "../points.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { type DatasetNames, physicalDatasets } from "./dataset-name.js";
import { ownSchemaName } from "./pipeline-state.js";
import { openStaging } from "./staging.js";
import { schemaBinding, type Target } from "./target.js";

interface OpenClient {
  readonly client: DestinationClient;
  /** Where load files are put for it; `null`: nowhere. */
  readonly staging: StagingArea | null;
  /** Physical name. */
  readonly dataset: string;
}

type Session = Pick<OpenClient, "client" | "staging">;

/** Sessions with a destination, one for each dataset; opened when first needed, closed together. */
export interface ClientPool extends AsyncDisposable {
  /** The session with the dataset of a schema; `null`: the main dataset. */
  forSchema(schemaName: string | null): Promise<OpenClient>;
}

export type PoolOwner = Pick<ClaimedPipeline, "context" | "state" | "schemas">;

export function clientPool(owner: PoolOwner, target: Target, signal: AbortSignal): ClientPool {
  const open = new Map<string, Promise<Session>>();
  return {
    async forSchema(schemaName) {
      const name = schemaName ?? ownSchemaName(owner);
      const naming = namingOf(owner, target, name);
      const names = datasetsOf(owner, target, { schemaName: name, naming });
      const session = open.get(names.dataset) ?? connect(owner, target, { names, naming, signal });
      open.set(names.dataset, session);
      return { ...(await session), dataset: names.dataset };
    },
    async [Symbol.asyncDispose]() {
      const settled = await Promise.allSettled(open.values());
      open.clear();
      for (const result of settled) {
        if (result.status === "rejected") continue;
        const { client, staging } = result.value;
        await client[Symbol.asyncDispose]();
        await staging?.[Symbol.asyncDispose]();
      }
    },
  };
}

async function connect(
  { context, state }: PoolOwner,
  { destination, staging, settings }: Target,
  options: { readonly names: DatasetNames; readonly naming: NamingConvention; readonly signal: AbortSignal },
): Promise<Session> {
  const { names, naming, signal } = options;
  const config = await resolveConfigLater(destination.config, {
    owner: `Destination \`${destination.name}\``,
    sections: ["destination", destination.name],
    given: destination.given,
    config: context.config,
  });
  const reached = (point: PipelinePoint) => context.runtime.reached(point);
  const shared: StagingOptions = {
    pipelineName: context.pipelineName,
    localDir: state.local.initialCwd ?? context.localDir,
    dataset: names.dataset,
    naming,
    signal,
    reached,
  };
  const area = staging === null ? null : await openStaging(context, { destination, staging }, shared);
  try {
    const client = await destination.connect(config, {
      ...shared,
      ...names,
      workingDir: context.folder.path,
      infoTablesQueryThreshold: settings.infoTablesQueryThreshold,
      support: loadSupport({ folder: context.folder, reached }),
      ...(area !== null && { staging: { url: area.url, credentials: area.credentials } }),
    });
    return { client, staging: area };
  } catch (error) {
    await area?.[Symbol.asyncDispose]();
    throw error;
  }
}

function datasetsOf(
  { context, state }: PoolOwner,
  { settings }: Target,
  schema: { readonly schemaName: string; readonly naming: NamingConvention },
): DatasetNames {
  return physicalDatasets({
    ...schema,
    datasetName: state.datasetName ?? "",
    defaultSchemaName: state.defaultSchemaName,
    useSingleDataset: context.settings.useSingleDataset,
    settings,
  });
}

function namingOf({ context, schemas }: PoolOwner, target: Target, schemaName: string): NamingConvention {
  const stored = schemas.get(schemaName);
  const binding = schemaBinding(context, target, schemaName);
  return (stored === undefined ? newSchema(schemaName, binding) : parseSchema(stored, binding)).naming;
}
