import type { LoadJob, TableChain } from "@dlt/core";
import type { Statement } from "../dialect.js";
import { followUpStatements, repetitionQuery } from "../merge/follow-up.js";
import { markedOnce } from "./marked-once.js";
import { repairOf } from "./repair.js";
import type { SqlBackend, SqlSession } from "./sql-backend.js";
import { checkStagedRows } from "./staged-rows.js";

/**
 * What brings the staged rows of a chain into its tables, with its mark in one transaction; nothing for a chain that is not staged.
 * `signal` stops all jobs of the client.
 */
export function followUpJobs(
  { datasets, transact }: SqlBackend,
  chain: TableChain,
  signal: AbortSignal,
): readonly LoadJob[] {
  const { loadId, followUpId } = chain;
  const { final } = datasets;
  const [root] = chain.tables;
  if (root === undefined || followUpStatements(chain, datasets).length === 0) return [];
  const repetition = repetitionQuery(chain, datasets);
  const what = {
    to: `${root.writeDisposition} the rows of table \`${root.name}\``,
    context: { job: followUpId, table: root.name, load: loadId },
    repair: repairOf(final),
  };
  const run = async (jobSignal: AbortSignal) =>
    await transact(
      what,
      (session) =>
        markedOnce(session, final, { loadId, jobId: followUpId, tableName: root.name }, async () => {
          await checkStagedRows(session, datasets, chain);
          const [counts = []] = repetition === null ? [] : await session.rows(repetition.statement);
          return await rowsWritten(session, followUpStatements(chain, datasets, repetition?.unrepeated(counts)));
        }),
      AbortSignal.any([signal, jobSignal]),
    );
  return [{ id: followUpId, run: async (jobSignal) => ({ rowCount: await run(jobSignal), bytes: 0 }) }];
}

/** Runs statements; gives the number of rows that they inserted or updated, `null` when none of them does so. */
async function rowsWritten(session: SqlSession, statements: readonly Statement[]): Promise<number | null> {
  let rowCount: number | null = null;
  for (const statement of statements) {
    const changed = await session.run(statement);
    if (/^(INSERT|UPDATE|MERGE)\b/.test(statement.text)) rowCount = (rowCount ?? 0) + changed;
  }
  return rowCount;
}
