import { documentHash } from "./document-hash.js";
import { type PipelineState, stateDocument } from "./state-document.js";

/** The hash of what a state holds. Local values do not count. */
export function stateHash(state: PipelineState): string {
  return documentHash(stateDocument(state));
}

/**
 * The state under its hash: with the next version when its content changed since it was hashed, otherwise with the
 * same.
 */
export function bumpState(state: PipelineState): PipelineState {
  const versionHash = stateHash(state);
  if (versionHash === state.versionHash) return state;
  return { ...state, versionHash, version: state.versionHash ? state.version + 1 : state.version };
}
