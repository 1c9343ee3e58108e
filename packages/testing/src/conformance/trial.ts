import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ConnectOptions,
  type Destination,
  type DestinationCapabilities,
  type DestinationClient,
  isSecret,
  namingConvention,
} from "@dlt/core";
import { defaultRuntime, type Pipeline, type PipelineOptions, type PipelineRuntime, pipeline } from "@dlt/pipeline";
import type { StoredRow } from "../faults/place.js";

/** What a destination is tried with. */
export interface TrialInput<Config> {
  /** Makes the destination, as an application does. */
  destination(config: NoInfer<Config>): Destination;
  /** Settings for a place that is fresh and empty. */
  config(place: FreshPlace): Config | Promise<Config>;
  /** All rows of a table that is there, read without the destination. */
  readTable(config: Config, dataset: string, table: string): Promise<readonly StoredRow[]>;
}

/** Helps to make a fresh place, and to leave nothing of it. */
export interface FreshPlace {
  /** An empty folder, which is removed with the place. */
  readonly folder: string;
  /** Called when the place is not needed any more, the last one first. */
  onFinished(finish: () => unknown): void;
}

/** One fresh, empty place of a destination. */
export interface Trial extends AsyncDisposable {
  readonly folder: string;
  readonly destination: Destination;
  readonly capabilities: DestinationCapabilities;
  /** A client as the engine opens it, closed with the trial. */
  connect(changes?: Partial<ConnectOptions>): Promise<DestinationClient>;
  /** A pipeline into the same dataset; each has the same working folder, unless options say otherwise. */
  pipeline(options?: Partial<PipelineOptions>, runtime?: Partial<PipelineRuntime>): Pipeline;
  /** All rows of a table of the dataset. */
  stored(table: string): Promise<readonly StoredRow[]>;
  /** The same of the staging dataset. */
  staged(table: string): Promise<readonly StoredRow[]>;
  /** Texts that nobody may be shown. */
  readonly secrets: readonly string[];
}

const dataset = "conformance";
const stagingDataset = `${dataset}_staging`;
/** Of every pipeline and client of a trial. */
export const pipelineName = "trial";

export async function openTrial<Config>(input: TrialInput<Config>): Promise<Trial> {
  const finishes: (() => unknown)[] = [];
  const folder = await realpath(await mkdtemp(join(tmpdir(), "dlt-conformance-")));
  finishes.push(() => rm(folder, { recursive: true, force: true }));
  const config = await input.config({ folder, onFinished: (finish) => void finishes.push(finish) });
  const destination = input.destination(config);
  const { capabilities } = destination;
  const settings = await resolvedSettings(destination, folder);
  return {
    folder,
    destination,
    capabilities,
    async connect(changes = {}) {
      const client = await destination.connect(settings, {
        pipelineName,
        localDir: folder,
        dataset,
        stagingDataset,
        naming: namingConvention(capabilities.namingConvention ?? "snake_case", capabilities.maxIdentifierLength),
        signal: new AbortController().signal,
        ...changes,
      });
      finishes.push(() => client[Symbol.asyncDispose]());
      return client;
    },
    pipeline: (options, runtime) => newPipeline(destination, folder, { options, runtime }),
    stored: (table) => input.readTable(config, dataset, table),
    staged: (table) => input.readTable(config, stagingDataset, table),
    secrets: secretsIn(settings),
    async [Symbol.asyncDispose]() {
      for (const finish of finishes.splice(0).reverse()) await finish();
    },
  };
}

function newPipeline(
  destination: Destination,
  folder: string,
  changes: {
    readonly options?: Partial<PipelineOptions> | undefined;
    readonly runtime?: Partial<PipelineRuntime> | undefined;
  },
): Pipeline {
  const { options, runtime } = changes;
  return pipeline(
    { pipelineName, destination, datasetName: dataset, pipelinesDir: join(folder, "pipelines"), ...options },
    { ...defaultRuntime(), argv: [], cwd: folder, ...runtime },
  );
}

/** What the engine connects with: it looks up what code does not give. */
async function resolvedSettings(destination: Destination, folder: string): Promise<unknown> {
  let settings: unknown;
  const noting: Destination = {
    ...destination,
    connect(found, options) {
      settings = found;
      return destination.connect(found, options);
    },
  };
  await using opened = newPipeline(noting, folder, { options: { pipelinesDir: join(folder, "settings") } });
  await opened.sync();
  return settings;
}

function secretsIn(value: unknown): readonly string[] {
  if (isSecret(value)) return [value.reveal()];
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.values(value).flatMap(secretsIn) : [];
}
