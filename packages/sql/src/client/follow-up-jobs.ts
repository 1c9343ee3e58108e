import type { LoadJob, TableChain } from "@dlt/core";
import { followUpStatements } from "../merge/follow-up.js";
import { markedOnce } from "./marked-once.js";
import { repairOf } from "./repair.js";
import type { SqlBackend } from "./sql-backend.js";

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
  const statements = followUpStatements(chain, datasets);
  const [root] = chain.tables;
  if (statements.length === 0 || root === undefined) return [];
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
          for (const statement of statements) await session.run(statement);
          return null;
        }),
      AbortSignal.any([signal, jobSignal]),
    );
  return [{ id: followUpId, run: async (jobSignal) => ({ rowCount: await run(jobSignal), bytes: 0 }) }];
}
