import { insertMark, type JobMark, type SqlDataset, selectLoad, selectMark } from "@dlt/sql";
import type { Session } from "./session.js";

/**
 * Does the work of a job unless its mark says that it is done, and marks it, in the transaction of the session.
 * @returns the rows of the work, which gives `null` when it does not count them; `null` too when that is not known any more
 */
export async function markedOnce(
  session: Session,
  final: SqlDataset,
  job: Omit<JobMark, "rowCount">,
  work: () => Promise<number | null>,
): Promise<number | null> {
  const [mark] = await session.rows(selectMark(final, job.loadId, job.jobId));
  if (mark !== undefined) return mark[0] === null ? null : Number(mark[0]);
  // Marks go when a later load completes, so a complete load counts as one.
  if ((await session.rows(selectLoad(final, job.loadId))).length > 0) return null;
  const rowCount = await work();
  await session.run(insertMark(final, { ...job, rowCount }));
  return rowCount;
}
