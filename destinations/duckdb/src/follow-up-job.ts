import type { LoadJob, TableChain } from "@dlt/core";
import { followUpStatements, quoteTable } from "@dlt/sql";
import type { Database } from "./database.js";
import type { Datasets } from "./datasets.js";
import { attempt } from "./errors.js";
import { markedOnce } from "./marked-once.js";

export interface FollowUpOptions {
  readonly database: Database;
  readonly datasets: Datasets;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
}

/** What brings the staged rows of a chain into its tables, with its mark in one transaction; nothing for a chain that is not staged. */
export function followUpJobs(chain: TableChain, { database, datasets, signal }: FollowUpOptions): readonly LoadJob[] {
  const { loadId, followUpId } = chain;
  const { final } = datasets;
  const statements = followUpStatements(chain, datasets);
  const [root] = chain.tables;
  if (statements.length === 0 || root === undefined) return [];
  const what = {
    to: `${root.writeDisposition} the rows of table \`${root.name}\``,
    location: database.location,
    context: { job: followUpId, table: root.name, load: loadId },
    repair: `DELETE FROM ${quoteTable(final.dialect, final.name, final.system.version.name)}`,
  };
  const run = async (jobSignal: AbortSignal) =>
    await attempt(what, () =>
      database.use(
        (session) =>
          session.transaction(() =>
            markedOnce(session, final, { loadId, jobId: followUpId, tableName: root.name }, async () => {
              for (const statement of statements) await session.run(statement);
              return null;
            }),
          ),
        AbortSignal.any([signal, jobSignal]),
      ),
    );
  return [{ id: followUpId, run: async (jobSignal) => ({ rowCount: await run(jobSignal), bytes: 0 }) }];
}
