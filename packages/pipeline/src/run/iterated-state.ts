import { openLiveState } from "../extract/live-state.js";
import { activeMemory } from "./active-pipeline.js";
import { ownSchemaName } from "./pipeline-state.js";
import { rememberedDocuments } from "./remembered-documents.js";

/** For what is iterated without a run: a copy of the state of the active pipeline, as far as this machine knows it; `null`: there is no pipeline. */
export function iteratedState(source: string | null) {
  const memory = activeMemory();
  if (memory === null) return null;
  const { context } = memory;
  const { state } = rememberedDocuments(memory);
  const live = openLiveState(state.sources, source ?? ownSchemaName({ context, state }));
  return { resourceState: live.resource, sourceState: () => live.source };
}
