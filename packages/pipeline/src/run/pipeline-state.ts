import type { Destination } from "@dlt/core";
import { normalizeSchemaName } from "@dlt/core/engine";
import { canonicalDestinationType, type PipelineState } from "../state/state-document.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { datasetName } from "./dataset-name.js";
import type { PipelineContext } from "./pipeline-context.js";
import type { Target } from "./target.js";

/**
 * The state with where the pipeline loads to. A dataset name that was set once stays, unless another one is given; an empty one is
 * none.
 */
export function withTarget(
  state: PipelineState,
  context: PipelineContext,
  options: { readonly target: Target | null; readonly givenDataset: string | undefined },
): PipelineState {
  const { target, givenDataset } = options;
  const given = givenDataset || context.settings.datasetName || undefined;
  const name =
    given === undefined && state.datasetName !== null
      ? state.datasetName
      : datasetName({
          pipelineName: context.pipelineName,
          given,
          capabilities: target?.destination.capabilities ?? null,
          devSuffix: context.devSuffix,
          layout: context.settings.datasetNameLayout,
        });
  return {
    ...state,
    pipelineName: context.pipelineName,
    datasetName: name,
    ...(target !== null && destinationOf(target.destination)),
    ...(target !== null && stagingOf(target.staging)),
  };
}

function destinationOf({ type, name }: Destination): Pick<PipelineState, "destinationType" | "destinationName"> {
  return { destinationType: canonicalDestinationType(type), destinationName: name === type ? null : name };
}

function stagingOf(staging: Destination | null): Pick<PipelineState, "stagingType" | "stagingName"> {
  if (staging === null) return { stagingType: null, stagingName: null };
  const { destinationType: stagingType, destinationName: stagingName } = destinationOf(staging);
  return { stagingType, stagingName };
}

/** The schema of rows and resources that belong to no source. */
export function ownSchemaName({
  context,
  state,
}: {
  readonly context: Pick<PipelineContext, "pipelineName">;
  readonly state: Pick<PipelineState, "defaultSchemaName">;
}): string {
  return state.defaultSchemaName ?? normalizeSchemaName(context.pipelineName);
}

/** The state with the names of the schemas, and a default one among them. */
export function withSchemas(
  state: PipelineState,
  names: Iterable<string>,
  firstExtracted: string | null,
): PipelineState {
  const schemaNames = [...new Set(names)].sort();
  const { defaultSchemaName } = state;
  const isKnown = defaultSchemaName !== null && schemaNames.includes(defaultSchemaName);
  return {
    ...state,
    schemaNames,
    defaultSchemaName: isKnown ? defaultSchemaName : (firstExtracted ?? schemaNames[0] ?? null),
  };
}

/** The state with the schemas that there are and these, of which one is extracted first. */
export function withExtracted(
  { state, schemas }: Pick<ClaimedPipeline, "state" | "schemas">,
  names: readonly string[],
): PipelineState {
  return withSchemas(state, [...schemas.keys(), ...names], names[0] ?? null);
}
