import type { ConnectOptions, DestinationClient, LoadNotes } from "../contract/destination.js";
import { InternalError } from "../errors/index.js";
import { systemNames } from "../schema/system-names.js";
import { functionJob, type LoadingFunction } from "./function-job.js";

/** A session with a function. What it keeps of a load is closed when the load is complete. */
export function functionClient(
  loading: LoadingFunction,
  config: unknown,
  { support, naming, pipelineName, signal, reached = () => undefined }: ConnectOptions,
): DestinationClient {
  const { name } = loading;
  if (support === undefined) {
    throw new InternalError(
      "INTERNAL_STATE_UNEXPECTED",
      `Destination \`${name}\` was connected to by something that reads no load files for it.`,
      { hint: "Use versions of `@dlt/pipeline` and `@dlt/core` that belong together.", context: { destination: name } },
    );
  }
  const notes = new Map<string, Promise<LoadNotes>>();
  const notesOf = (loadId: string): Promise<LoadNotes> => {
    const opened = notes.get(loadId) ?? support.openNotes(loadId);
    notes.set(loadId, opened);
    return opened;
  };
  const closeNotes = async (loadId: string): Promise<void> => {
    const opened = notes.get(loadId);
    notes.delete(loadId);
    await (await opened)?.[Symbol.asyncDispose]();
  };
  const session = { ...loading, config, pipelineName, system: systemNames(naming), support, signal, reached, notesOf };
  return {
    displayLocation: name,
    prepare: async () => [],
    explain: async () => [],
    createJob: (file) => functionJob(file, session),
    completeLoad: ({ loadId }) => closeNotes(loadId),
    async [Symbol.asyncDispose]() {
      for (const loadId of [...notes.keys()]) await closeNotes(loadId);
    },
  };
}
