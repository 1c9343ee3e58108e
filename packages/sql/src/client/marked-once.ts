import { insertMark, insertMarkOnce, type JobMark, selectLoad, selectMark, updateMark } from "../marks.js";
import type { SqlDataset } from "../sql-dataset.js";
import type { SqlSession } from "./sql-backend.js";

/**
 * Does the work of a job unless its mark says that it is done, and marks it, in the transaction of the session. Marks go when a later
 * load completes, so a complete load counts as one.
 * @returns the rows of the work, which gives `null` when it does not count them; `null` too when that is not known any more
 */
export async function markedOnce(
  session: SqlSession,
  final: SqlDataset,
  job: Omit<JobMark, "rowCount">,
  work: () => Promise<number | null>,
): Promise<number | null> {
  return final.dialect.hasUniqueMarks === true
    ? await workBehindMark(session, final, job, work)
    : await workBeforeMark(session, final, job, work);
}

/** Another run of the same job waits at the mark until this one has ended. */
async function workBehindMark(
  session: SqlSession,
  final: SqlDataset,
  job: Omit<JobMark, "rowCount">,
  work: () => Promise<number | null>,
): Promise<number | null> {
  if ((await session.run(insertMarkOnce(final, job))) === 0) return (await markedRows(session, final, job)) ?? null;
  const rowCount = await work();
  if (rowCount !== null) await session.run(updateMark(final, { ...job, rowCount }));
  return rowCount;
}

async function workBeforeMark(
  session: SqlSession,
  final: SqlDataset,
  job: Omit<JobMark, "rowCount">,
  work: () => Promise<number | null>,
): Promise<number | null> {
  const marked = await markedRows(session, final, job);
  if (marked !== undefined) return marked;
  if ((await session.rows(selectLoad(final, job.loadId))).length > 0) return null;
  const rowCount = await work();
  await session.run(insertMark(final, { ...job, rowCount }));
  return rowCount;
}

/** The rows that the mark of a job tells of; `undefined` without a mark. */
async function markedRows(
  session: SqlSession,
  final: SqlDataset,
  { loadId, jobId }: Omit<JobMark, "rowCount">,
): Promise<number | null | undefined> {
  const [mark] = await session.rows(selectMark(final, loadId, jobId));
  if (mark === undefined) return undefined;
  return mark[0] === null ? null : Number(mark[0]);
}
