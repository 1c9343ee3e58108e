import { formatSchema, parseSchema, versionHash } from "@dlt/core/engine";
import { commitLocally } from "../package/local-commit.js";
import { discardNormalized } from "../package/normalized-package.js";
import type { ClaimedPipeline } from "../run/claimed-pipeline.js";
import { commitPackage } from "../run/normalize-package.js";
import { schemaPlace } from "../run/target.js";
import { encodePipelineState } from "../state/state-document.js";
import { encodeSourceState } from "../state/state-object.js";
import { type AssembleInput, assemblePackage } from "./assemble-package.js";
import type { CommitContent } from "./commit-content.js";
import type { PlanDocument } from "./plan-document.js";

/** True when what there is to save without a load is saved already. */
export function isSaved(
  { context, state, schemas }: ClaimedPipeline,
  plan: PlanDocument,
  content: CommitContent,
): boolean {
  const stored = schemas.get(plan.source);
  return (
    stored !== undefined &&
    parseSchema(stored, schemaPlace(context)).versionHash === content.declared.versionHash &&
    encodeSourceState(state.sources, plan.source) === encodeSourceState(content.state.sources, plan.source)
  );
}

/**
 * Commits the package of a plan with the state that it leaves; where there is nothing to load, the state and the schema alone.
 * @returns the partitions that were normalized again
 */
export async function commitContentOf(
  input: Omit<AssembleInput, "tables" | "emptyTables" | "stateChunk"> & {
    /** Called when everything is put together, before anything of it is kept. */
    bind(): Promise<void>;
  },
  content: CommitContent,
): Promise<readonly number[]> {
  const { claimed, plan, binding, bind } = input;
  const { tables, emptyTables, stateRow, state } = content;
  const declared = formatSchema(content.declared);
  const { source } = plan;
  if (content.isEmpty) {
    await bind();
    const change = { state: encodePipelineState(state), schemas: { [source]: declared } };
    await commitLocally(claimed.store, { dropped: [], change });
    claimed.schemas.set(source, declared);
    claimed.state = state;
    return [];
  }
  try {
    const stateChunk = stateRow?.chunk ?? null;
    const { result, normalizedAgain } = await assemblePackage({ ...input, tables, emptyTables, stateChunk });
    const before = { schema: claimed.schemas.get(source) ?? null, sourceState: plan.sourceState };
    await bind();
    // As after an extract, so that the schema gets the version that a run would have given it.
    const schemas = new Map([...claimed.schemas, [source, declared]]);
    await commitPackage({ ...claimed, schemas }, result, {
      loadId: plan.loadId,
      schemaName: source,
      createdAt: BigInt(plan.createdAt),
      binding,
      origin: { schemaHash: versionHash(content.declared), before },
      state: stateRow?.record ?? null,
      dropTables: [],
      truncateTables: [],
      isReplay: false,
      localState: encodePipelineState(state),
    });
    claimed.schemas.set(source, schemas.get(source) ?? declared);
    claimed.state = state;
    return normalizedAgain;
  } catch (error) {
    await discardNormalized(claimed.store, plan.loadId);
    throw error;
  }
}
