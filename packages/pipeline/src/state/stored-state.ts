import { deflateSync, inflateSync } from "node:zlib";
import { type DataValue, PackageError, type StateRecord, Timestamp } from "@dlt/core";
import { encodeJson } from "@dlt/core/engine";
import { decodePipelineState, type PipelineState, stateDocument } from "./state-document.js";

/** The text that stands for a state at the destination: typed JSON without the local part, zlib, Base64. */
export function storeState(state: PipelineState): string {
  return deflateSync(encodeJson(stateDocument(state), { typed: true }), { level: 9 }).toString("base64");
}

/**
 * Reads what `storeState` or Python dlt wrote; plain JSON is taken too.
 * @throws PackageError `STATE_DOCUMENT_INVALID`, `STATE_ENGINE_TOO_NEW`
 */
export function restoreState(text: string): PipelineState {
  return decodePipelineState(isBase64(text) ? inflated(text) : text);
}

/** The row of `_dlt_pipeline_state` for a state that has its hash. */
export function stateRecord(
  state: PipelineState,
  { loadId, createdAt }: { readonly loadId: string; readonly createdAt: bigint },
): StateRecord {
  return {
    version: state.version,
    engineVersion: state.engineVersion,
    pipelineName: state.pipelineName,
    state: storeState(state),
    createdAt,
    versionHash: state.versionHash,
    loadId,
  };
}

/** The record as a row to extract, columns in the order of the table; the normalizer adds `_dlt_id`. */
export function stateRow(record: StateRecord): ReadonlyMap<string, DataValue> {
  return new Map<string, DataValue>([
    ["version", record.version],
    ["engine_version", record.engineVersion],
    ["pipeline_name", record.pipelineName],
    ["state", record.state],
    ["created_at", Timestamp.fromMicros(record.createdAt)],
    ["version_hash", record.versionHash],
    ["_dlt_load_id", record.loadId],
  ]);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(text);
}

function inflated(text: string): string {
  try {
    return inflateSync(Buffer.from(text, "base64")).toString("utf8");
  } catch (error) {
    throw new PackageError(
      "STATE_DOCUMENT_INVALID",
      "A stored pipeline state cannot be decompressed: it was cut off or changed.",
      {
        hint: "Repair or delete the newest row of `_dlt_pipeline_state` of this pipeline.",
        cause: error,
      },
    );
  }
}
