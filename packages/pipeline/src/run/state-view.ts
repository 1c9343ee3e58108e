import type { JsonValue } from "@dlt/core";
import { decodeTyped, plainObjects } from "@dlt/core/engine";
import type { PipelineState } from "../state/state-document.js";

/** The state of a pipeline in plain objects, to look at: changing it changes nothing. */
export interface PipelineStateView {
  readonly version: number;
  readonly versionHash: string | null;
  readonly pipelineName: string;
  readonly datasetName: string | null;
  readonly defaultSchemaName: string | null;
  readonly schemaNames: readonly string[];
  readonly destinationType: string | null;
  readonly destinationName: string | null;
  /** By source: its state, with that of its resources under `resources` and their cursors under `incremental`. */
  readonly sources: Readonly<Record<string, SourceStateView>>;
}

export interface SourceStateView {
  readonly resources?: Readonly<Record<string, ResourceStateView>>;
  readonly [key: string]: unknown;
}

export interface ResourceStateView {
  /** By cursor path. */
  readonly incremental?: Readonly<Record<string, CursorStateView>>;
  readonly [key: string]: unknown;
}

export interface CursorStateView {
  readonly initial_value: unknown;
  readonly last_value: unknown;
  readonly unique_hashes: readonly string[];
  readonly start_value?: unknown;
}

export function stateView(state: PipelineState): PipelineStateView {
  const { version, versionHash, pipelineName, datasetName, defaultSchemaName, schemaNames } = state;
  return {
    version,
    versionHash,
    pipelineName,
    datasetName,
    defaultSchemaName,
    schemaNames,
    destinationType: state.destinationType,
    destinationName: state.destinationName,
    sources: plainObjects(state.sources, (value) => decodeTyped(value as JsonValue)) as PipelineStateView["sources"],
  };
}
