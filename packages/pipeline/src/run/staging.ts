import {
  ConfigError,
  type Destination,
  type DestinationCapabilities,
  type StagingArea,
  type StagingOptions,
} from "@dlt/core";
import { destinationByName } from "../config/destination-by-name.js";
import { resolveConfigLater } from "../config/resolve-config.js";
import { goesThroughStaging } from "../load/staged-file.js";
import { canonicalDestinationType, type PipelineState } from "../state/state-document.js";
import type { PipelineContext } from "./pipeline-context.js";

/** What was said in code of where load files are staged: `null`: nowhere. */
export type GivenStaging = string | Destination | null | undefined;

/**
 * Finds where load files are staged for a destination: given in code, set in the configuration, or what the state remembers for this
 * destination. `null`: nowhere.
 * @throws ConfigError `STAGING_INVALID`, and as the destination of a name is found
 */
export async function findStaging(
  { config, runtime, settings, pipelineName }: PipelineContext,
  destination: Destination,
  { given, state }: { readonly given: GivenStaging; readonly state: PipelineState },
): Promise<Destination | null> {
  if (given === null) return null;
  const choice =
    given ?? settings.stagingName ?? settings.stagingType ?? remembered(destination, state) ?? needed(destination);
  if (choice === null) return null;
  const { stagingName, stagingType } = settings;
  const staging =
    typeof choice === "string"
      ? await destinationByName(choice, {
          runtime,
          config,
          type: given === undefined && stagingName !== undefined ? stagingType : undefined,
          defaultType: choice === state.stagingName ? (state.stagingType ?? undefined) : undefined,
        })
      : choice;
  if (typeof staging !== "object" || staging?.openStaging === undefined) throw invalidStaging(pipelineName, choice);
  return staging;
}

/** The state speaks of the destination that it remembers, and of no other. */
function remembered({ type, name }: Destination, state: PipelineState): string | null {
  const isSame = state.destinationType === canonicalDestinationType(type) && (state.destinationName ?? type) === name;
  return isSame ? (state.stagingName ?? state.stagingType) : null;
}

/** A destination that takes no files otherwise. */
function needed({ name, capabilities }: Destination): string | null {
  if (capabilities.preferredFileFormat !== null || capabilities.fileFormats.length > 0) return null;
  process.emitWarning(
    `Destination \`${name}\` loads from a staging area alone, and none was given. It is \`filesystem\`.`,
    {
      type: "DltWarning",
      code: "STAGING_ADDED",
      detail: "Give `staging` where the pipeline is made.",
    },
  );
  return "filesystem";
}

/**
 * The destination as what loads through a staging area: its load files have the formats that both take. Queries go to it directly.
 * @throws ConfigError `STAGING_UNSUPPORTED`
 */
export function throughStaging(destination: Destination, staging: Destination): Destination {
  const { name, capabilities } = destination;
  const { stagingFileFormats: copied = [], preferredStagingFileFormat = null, fileFormats } = capabilities;
  if (copied.length === 0) throw copiesNothing(name, staging.name);
  const taken = staging.capabilities.fileFormats;
  const shared = copied.filter((format) => taken.includes(format));
  const [first] = shared;
  if (first === undefined) throw formatsDiffer({ name, copied }, { name: staging.name, taken });
  const preferred = shared.find((format) => format === preferredStagingFileFormat) ?? first;
  const staged = {
    ...capabilities,
    preferredFileFormat: preferred,
    fileFormats: [...shared, ...fileFormats.filter((format) => !goesThroughStaging(format))],
    compressesFiles: staging.capabilities.compressesFiles === true,
  };
  return withCapabilities(destination, staged);
}

/** The same destination that says other things of what it can do. */
export function withCapabilities(destination: Destination, capabilities: DestinationCapabilities): Destination {
  return Object.create(destination, { capabilities: { value: capabilities, enumerable: true } }) as Destination;
}

/**
 * Opens a staging area for a dataset.
 * @throws ConfigError `STAGING_UNSUPPORTED` for a bucket that the destination does not reach
 */
export async function openStaging(
  { config }: PipelineContext,
  { destination, staging }: { readonly destination: Destination; readonly staging: Destination },
  options: StagingOptions,
): Promise<StagingArea | null> {
  const settings = await resolveConfigLater(staging.config, {
    owner: `Staging area \`${staging.name}\``,
    sections: ["destination", staging.name],
    given: staging.given,
    config,
  });
  const area = (await staging.openStaging?.(settings, options)) ?? null;
  const { stagingSchemes = [] } = destination.capabilities;
  const scheme = area?.url.split(":", 1)[0] ?? "";
  if (area === null || stagingSchemes.includes(scheme)) return area;
  await area[Symbol.asyncDispose]();
  throw schemeUnsupported(destination.name, { url: area.url, stagingSchemes });
}

function invalidStaging(pipelineName: string, choice: string | Destination): ConfigError {
  const name = typeof choice === "string" ? choice : choice.name;
  return new ConfigError(
    "STAGING_INVALID",
    `Pipeline \`${pipelineName}\` was given \`${String(name)}\` as its staging area, where no load files can be put.`,
    {
      hint: 'Give "filesystem", or what its factory makes: filesystem({ bucketUrl: "s3://bucket/staging" }).',
      context: { pipelineName },
    },
  );
}

function copiesNothing(destination: string, staging: string): ConfigError {
  return new ConfigError(
    "STAGING_UNSUPPORTED",
    `Destination \`${destination}\` copies nothing from a staging area, and \`${staging}\` was given as one.`,
    {
      hint: "Leave out `staging`, or set it to null: files go to this destination directly.",
      context: { destination, staging },
    },
  );
}

function formatsDiffer(
  { name: destination, copied }: { readonly name: string; readonly copied: readonly string[] },
  { name: staging, taken }: { readonly name: string; readonly taken: readonly string[] },
): ConfigError {
  return new ConfigError(
    "STAGING_UNSUPPORTED",
    `Destination \`${destination}\` copies ${listed(copied)} from a staging area, and \`${staging}\` takes ${listed(taken)}.`,
    { hint: "Use another staging area, or load without one.", context: { destination, staging } },
  );
}

function schemeUnsupported(
  destination: string,
  { url, stagingSchemes }: { readonly url: string; readonly stagingSchemes: readonly string[] },
): ConfigError {
  return new ConfigError(
    "STAGING_UNSUPPORTED",
    `Destination \`${destination}\` does not copy from ${url}; it copies from URLs with ${listed(stagingSchemes)}.`,
    { hint: "Set `bucket_url` of the staging area to a place that the destination reaches.", context: { destination } },
  );
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.map((name) => `\`${name}\``).join(", ");
}
