import type { Destination, DestinationCapabilities, JsonNormalizer } from "@dlt/core";
import { ConfigError, isDestination } from "@dlt/core";
import { functionDestinationType, type SchemaBinding, type SchemaPlace } from "@dlt/core/engine";
import { destinationByName } from "../config/destination-by-name.js";
import { type DatasetSettings, datasetSettings, schemaSettings } from "../config/engine-settings.js";
import { canonicalDestinationType, type PipelineState } from "../state/state-document.js";
import type { PipelineContext } from "./pipeline-context.js";
import { findStaging, type GivenStaging, throughStaging } from "./staging.js";

/** Where a pipeline loads to. */
export interface Target {
  /** With the formats of load files that go through the staging area, where there is one. */
  readonly destination: Destination;
  /** Where load files are staged; `null`: nowhere. */
  readonly staging: Destination | null;
  readonly settings: DatasetSettings;
}

/** What was said in code of where to load. */
export interface GivenDestination {
  readonly destination: string | Destination | undefined;
  readonly credentials: unknown;
  readonly staging?: GivenStaging;
}

/**
 * Finds the destination: given in code, set in the configuration, or the one that the state remembers. `null` when none is
 * known.
 * @throws ConfigError `DESTINATION_NOT_FOUND`, `DESTINATION_NOT_LOADABLE`, `DESTINATION_INVALID`, `STAGING_INVALID`,
 * `STAGING_UNSUPPORTED`
 */
export async function findTarget(
  context: PipelineContext,
  given: GivenDestination,
  state: PipelineState,
): Promise<Target | null> {
  const { config, runtime, settings } = context;
  const { destinationName, destinationType } = settings;
  const configured = destinationName ?? destinationType;
  const remembered = state.destinationName ?? state.destinationType;
  const choice = given.destination ?? configured ?? remembered;
  if (choice === null) return null;
  if (choice === remembered && state.destinationType === functionType)
    throw functionMissing(context.pipelineName, choice);
  const found =
    typeof choice === "string"
      ? await destinationByName(choice, {
          runtime,
          config,
          type: given.destination === undefined && destinationName !== undefined ? destinationType : undefined,
          defaultType: choice === state.destinationName ? (state.destinationType ?? undefined) : undefined,
        })
      : choice;
  if (!isDestination(found)) throw invalidDestination(context.pipelineName);
  const direct = given.credentials === undefined ? found : withCredentials(found, given.credentials);
  const staging = await findStaging(context, direct, { given: given.staging, state });
  const destination = staging === null ? direct : throughStaging(direct, staging);
  return { destination, staging, settings: datasetSettings({ config, destinationName: destination.name }) };
}

const functionType = canonicalDestinationType(functionDestinationType);

/** The same destination with other credentials, which are checked when it is connected. */
function withCredentials(destination: Destination, credentials: unknown): Destination {
  const given = { ...destination.given, credentials };
  return Object.create(destination, { given: { value: given, enumerable: true } }) as Destination;
}

/** What a schema takes from the destination and the configuration. */
export function schemaBinding(context: PipelineContext, target: Target | null, schemaName: string): SchemaBinding {
  const { naming, jsonNormalizer, allowIdentifierChangeOnTableWithData, useBreakPathOnNormalize } = schemaSettings({
    config: context.config,
    schemaName,
  });
  const capabilities = target?.destination.capabilities;
  const general = context.runtime.env["DLT_DEFAULT_NAMING_MODULE"] || undefined;
  const names = context.naming ?? naming ?? capabilities?.namingConvention ?? general;
  return {
    ...schemaPlace(context),
    ...(names !== undefined && { names }),
    ...(capabilities !== undefined && {
      maxIdentifierLength: Math.min(
        capabilities.maxIdentifierLength,
        capabilities.maxColumnIdentifierLength ?? Number.POSITIVE_INFINITY,
      ),
      mergeStrategies: capabilities.mergeStrategies,
    }),
    ...(capabilities?.maxTableNesting !== undefined && { maxTableNesting: capabilities.maxTableNesting }),
    ...(allowIdentifierChangeOnTableWithData !== undefined && { allowIdentifierChangeOnTableWithData }),
    ...(useBreakPathOnNormalize !== undefined && { useBreakPathOnNormalize }),
    ...(jsonNormalizer !== undefined && { json: jsonNormalizerOf(jsonNormalizer) }),
  };
}

/** True when columns that are there may become wider: asked for, and possible at the destination. */
export function widensColumns({ settings }: PipelineContext, capabilities: DestinationCapabilities): boolean {
  return settings.widenColumns && capabilities.widensColumns === true;
}

/** What reading a schema takes where nothing is normalized. */
export function schemaPlace({ conventions }: Pick<PipelineContext, "conventions">): SchemaPlace {
  return conventions === undefined ? {} : { conventions };
}

/** The setting `json_normalizer`, whose keys are those of a stored schema. */
function jsonNormalizerOf(setting: object): JsonNormalizer {
  const { module, config } = setting as { readonly module?: unknown; readonly config?: unknown };
  const known = (typeof config === "object" && config !== null ? config : {}) as Readonly<Record<string, never>>;
  const { max_nesting: maxNesting, root_key_propagation: rootKeyPropagation, propagation } = known;
  return {
    module: typeof module === "string" ? module : "relational",
    config: {
      ...(maxNesting !== undefined && { maxNesting }),
      ...(rootKeyPropagation !== undefined && { rootKeyPropagation }),
      ...(propagation !== undefined && { propagation }),
    },
  };
}

function invalidDestination(pipelineName: string): ConfigError {
  return new ConfigError(
    "DESTINATION_INVALID",
    `What pipeline \`${pipelineName}\` was given as its destination is not one.`,
    {
      hint: 'Give a name, e.g. "duckdb", or what a destination\'s factory makes, e.g. duckdb({ credentials: "a.duckdb" }).',
      context: { pipelineName },
    },
  );
}

function functionMissing(pipelineName: string, destination: string): ConfigError {
  return new ConfigError(
    "DESTINATION_NOT_FOUND",
    `Pipeline \`${pipelineName}\` loads to \`${destination}\`, a function of a program, which cannot be found by its name.`,
    {
      hint: `Give the destination in code, as what \`destination("${destination}", …)\` made, called.`,
      context: { pipelineName, destination },
    },
  );
}
