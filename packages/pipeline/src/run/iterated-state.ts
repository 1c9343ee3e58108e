import { openLiveState } from "../extract/live-state.js";
import { activeMemory } from "./active-pipeline.js";
import { ownSchemaName } from "./pipeline-state.js";
import { rememberedDocuments } from "./remembered-documents.js";

/** For what is iterated without a run: a copy of the state from which the active pipeline's next run starts; `null`: there is none. */
export function iteratedState(source: string | null) {
  const memory = activeMemory();
  if (memory === null) return null;
  const { context } = memory;
  const { state } = rememberedDocuments(memory);
  const live = openLiveState(state.sources, source ?? ownSchemaName({ context, state }));
  return { resourceState: live.resource, sourceState: () => live.source };
}
