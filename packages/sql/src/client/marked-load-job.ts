import { DestinationError, type LoadFile, type LoadJob } from "@dlt/core";
import type { SqlDataset } from "../sql-dataset.js";
import { markedOnce } from "./marked-once.js";
import { repairOf } from "./repair.js";
import type { SqlBackend, SqlSession } from "./sql-backend.js";

interface LoadOptions<Session extends SqlSession> {
  readonly backend: SqlBackend<Session>;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
  /** Brings the rows of the file into its table, in the transaction of the session; gives how many there are. */
  load(session: Session, target: SqlDataset): Promise<number>;
}

/**
 * One file into one table: its rows and its mark in one transaction. Running it throws `DESTINATION_ROWS_DIFFER` when there are not as
 * many rows as were written.
 */
export function markedLoadJob<Session extends SqlSession>(
  file: LoadFile,
  { backend, signal, load }: LoadOptions<Session>,
): LoadJob {
  const { final, staging } = backend.datasets;
  const target = file.target === "staging" ? staging : final;
  const { loadId, jobId, table, bytes } = file;
  const what = {
    to: `load \`${jobId}\` into table \`${table.name}\``,
    ...(file.format === "model" ? { runsQuery: true } : { readsFile: true }),
    context: { job: jobId, table: table.name, load: loadId },
    repair: repairOf(target),
  };
  const loadOnce = async (session: Session) => {
    const rowCount = await markedOnce(session, final, { loadId, jobId, tableName: table.name }, async () => {
      const loaded = await load(session, target);
      if (file.rowCount !== null && file.isImported !== true && loaded !== file.rowCount)
        throw rowsDiffer(file, loaded, final.dialect.name);
      return loaded;
    });
    return { rowCount: rowCount ?? file.rowCount, bytes };
  };
  return {
    id: jobId,
    run: (jobSignal) => backend.transact(what, loadOnce, AbortSignal.any([signal, jobSignal])),
  };
}

function rowsDiffer(file: LoadFile, read: number, databaseName: string): DestinationError {
  const { jobId, table, rowCount: written } = file;
  return new DestinationError(
    "DESTINATION_ROWS_DIFFER",
    `\`${jobId}\` was written with ${written} rows, but ${databaseName} read ${read}; nothing of it was kept.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if they are damaged.",
      context: { job: jobId, table: table.name, written, read },
    },
  );
}
