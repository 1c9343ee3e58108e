import { DestinationError, type LoadFile, type LoadJob } from "@dlt/core";
import { loadModel, markedOnce, repairOf, type SqlBackend, type SqlDataset } from "@dlt/sql";
import type { CsvFormat } from "./csv-format.js";
import { loadRows } from "./load-rows.js";
import { describeQuery, useDataset } from "./models.js";
import type { Session } from "./session.js";

export interface LoadJobOptions {
  readonly backend: SqlBackend<Session>;
  readonly csvFormat: CsvFormat;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
}

/** One file into one table: its rows and its mark in one transaction. */
export function loadJob(file: LoadFile, { backend, csvFormat, signal }: LoadJobOptions): LoadJob {
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
      if (file.format === "model") return await loadQuery(session, { file, final, target });
      const loaded = await loadRows(session, target, { file, csvFormat });
      if (file.rowCount !== null && file.isImported !== true && loaded !== file.rowCount)
        throw rowsDiffer(file, file.rowCount, loaded);
      return loaded;
    });
    return { rowCount: rowCount ?? file.rowCount, bytes };
  };
  return {
    id: jobId,
    run: (jobSignal) => backend.transact(what, loadOnce, AbortSignal.any([signal, jobSignal])),
  };
}

/** Makes the rows of a table by a query over what is in the dataset. */
async function loadQuery(
  session: Session,
  { file, final, target }: { readonly file: LoadFile; readonly final: SqlDataset; readonly target: SqlDataset },
): Promise<number> {
  await useDataset(session, final);
  return await loadModel(session, target, {
    file,
    describe: (query) => describeQuery(session, target.dialect, query),
  });
}

function rowsDiffer(file: LoadFile, written: number, rowCount: number): DestinationError {
  return new DestinationError(
    "DESTINATION_ROWS_DIFFER",
    `\`${file.jobId}\` was written with ${written} rows, but PostgreSQL read ${rowCount}; nothing of it was kept.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if they are damaged.",
      context: { job: file.jobId, table: file.table.name, written, read: rowCount },
    },
  );
}
