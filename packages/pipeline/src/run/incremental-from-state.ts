import { type Incremental, type IncrementalOptions, incremental, SourceError } from "@dlt/core";
import { ownMember } from "@dlt/core/engine";
import type { PipelineStateView } from "./state-view.js";

/** Where a cursor is in the state of a pipeline. */
export interface CursorPlace {
  /** Name of the source, or of the schema for resources that belong to none. */
  readonly source: string;
  readonly resource: string;
  /** As it was given to `incremental`. */
  readonly cursorPath: string;
}

/**
 * A cursor as the state of a pipeline has it: it starts where the first run did. Options are those of `incremental`; with the
 * last value as `endValue`, the range is what was read so far.
 *
 * @throws SourceError `CURSOR_STATE_MISSING`, `INCREMENTAL_OPTION_INVALID`
 */
export function incrementalFromState<Cursor = unknown>(
  state: PipelineStateView,
  { source, resource, cursorPath }: CursorPlace,
  options: IncrementalOptions<Cursor> = {},
): Incremental<Cursor | undefined> {
  const resources = ownMember(state.sources, source)?.resources ?? {};
  const document = ownMember(ownMember(resources, resource)?.incremental ?? {}, cursorPath);
  if (document === undefined) {
    throw new SourceError(
      "CURSOR_STATE_MISSING",
      `The state of the pipeline \`${state.pipelineName}\` has no cursor \`${cursorPath}\` of \`${resource}\` in \`${source}\`.`,
      {
        hint: "Look at `pipeline.state.sources` for the names there are; a cursor is there once its resource was read.",
        context: { source, resource, cursor: cursorPath },
      },
    );
  }
  const initialValue = document.initial_value as Cursor | null;
  return incremental<Cursor>(cursorPath, { ...(initialValue !== null && { initialValue }), ...options });
}
