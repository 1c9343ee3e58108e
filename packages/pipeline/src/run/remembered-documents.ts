import { initialState } from "./claimed-pipeline.js";
import { type LocalDocuments, readLocalDocuments } from "./local-documents.js";
import type { PipelineMemory } from "./operation.js";

/** State and schemas of a pipeline as its last call left them, or an earlier process; those of a new pipeline where there are none. */
export function rememberedDocuments({ context, local, isWiped }: PipelineMemory): LocalDocuments {
  const isForgotten = context.settings.devMode && !isWiped;
  const known = local ?? (isForgotten ? null : readLocalDocuments(context.folder));
  return known ?? { state: initialState(context), schemas: new Map() };
}
