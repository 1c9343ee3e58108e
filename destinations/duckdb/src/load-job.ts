import { DestinationError, type LoadFile, type LoadJob } from "@dlt/core";
import { loadModel, markedOnce, repairOf, type SqlBackend, type SqlDataset } from "@dlt/sql";
import { checkColumns } from "./imported-file.js";
import { insertValuesOf } from "./insert-values.js";
import { describeQuery, withinDataset } from "./models.js";
import type { Session } from "./session.js";
import { insertFromFile, selectCsvHeader } from "./sql.js";

export interface LoadJobOptions {
  readonly backend: SqlBackend<Session>;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
}

/** One file into one table: its rows and its mark in one transaction. */
export function loadJob(file: LoadFile, { backend, signal }: LoadJobOptions): LoadJob {
  const { final, staging } = backend.datasets;
  const target = file.target === "staging" ? staging : final;
  const isModel = file.format === "model";
  const what = {
    to: `load \`${file.jobId}\` into table \`${file.table.name}\``,
    ...(isModel ? { runsQuery: true } : { readsFile: true }),
    context: { job: file.jobId, table: file.table.name, load: file.loadId },
    repair: repairOf(target),
  };
  return {
    id: file.jobId,
    run: (jobSignal) => {
      const either = AbortSignal.any([signal, jobSignal]);
      const load = (session: Session) => loadOnce(session, file, final, target);
      if (!isModel) return backend.transact(what, load, either);
      return backend.use(
        what,
        (session) => withinDataset(session, final, () => session.transaction(() => load(session))),
        either,
      );
    },
  };
}

async function loadOnce(session: Session, file: LoadFile, final: SqlDataset, target: SqlDataset) {
  const { loadId, jobId, table, bytes } = file;
  const rowCount = await markedOnce(session, final, { loadId, jobId, tableName: table.name }, async () => {
    if (file.format === "model")
      return await loadModel(session, target, {
        file,
        describe: (query) => describeQuery(session, target.dialect, query),
      });
    const inserted = await insertRows(session, target, file);
    if (file.rowCount !== null && file.isImported !== true && inserted !== file.rowCount)
      throw rowsDiffer(file, file.rowCount, inserted);
    return inserted;
  });
  return { rowCount: rowCount ?? file.rowCount, bytes };
}

async function insertRows(session: Session, target: SqlDataset, file: LoadFile): Promise<number> {
  if (file.format === "insert_values") return await insertValuesOf(session, target, file);
  const header = file.format === "csv" ? await csvHeader(session, target, file) : [];
  if (file.isImported === true) await checkColumns(session, target, { file, header });
  return await session.run(insertFromFile(target, file, header));
}

async function csvHeader(session: Session, target: SqlDataset, file: LoadFile): Promise<readonly string[]> {
  const [header = []] = await session.rows(selectCsvHeader(target, file));
  return header.map(String);
}

function rowsDiffer(file: LoadFile, written: number, rowCount: number): DestinationError {
  return new DestinationError(
    "DESTINATION_ROWS_DIFFER",
    `\`${file.jobId}\` was written with ${written} rows, but DuckDB read ${rowCount}; nothing of it was kept.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if they are damaged.",
      context: { job: file.jobId, table: file.table.name, written, read: rowCount },
    },
  );
}
