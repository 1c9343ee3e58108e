import type { CompletedLoad } from "@dlt/core";
import { deleteOldMarks, insertLoad, selectLoad } from "../marks.js";
import type { SqlBackend } from "./sql-backend.js";

/** Marks a load as complete, once, and removes the marks of the loads before it. */
export function completeLoad(
  { datasets: { final }, transact }: SqlBackend,
  load: CompletedLoad,
  signal?: AbortSignal,
): Promise<void> {
  const what = { to: `complete load ${load.loadId}`, context: { load: load.loadId } };
  return transact(
    what,
    async (session) => {
      const { lockDataset } = final.dialect;
      if (lockDataset !== undefined) await session.rows(lockDataset(final.name));
      const isComplete = (await session.rows(selectLoad(final, load.loadId))).length > 0;
      if (!isComplete) await session.run(insertLoad(final, load));
      await session.run(deleteOldMarks(final, load.loadId));
    },
    signal,
  );
}
