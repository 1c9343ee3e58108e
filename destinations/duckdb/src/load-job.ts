import type { LoadFile, LoadJob } from "@dlt/core";
import { loadModel, markedLoadJob, type SqlBackend, type SqlDataset } from "@dlt/sql";
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

/** One file, or what a query gives, into one table. */
export function loadJob(file: LoadFile, { backend, signal }: LoadJobOptions): LoadJob {
  if (file.format !== "model") {
    return markedLoadJob(file, { backend, signal, load: (session, target) => insertRows(session, target, file) });
  }
  const { final } = backend.datasets;
  return markedLoadJob(file, {
    // The current schema cannot be changed within a transaction.
    backend: {
      ...backend,
      transact: (what, work, either) =>
        backend.use(
          what,
          (session) => withinDataset(session, final, () => session.transaction(() => work(session))),
          either,
        ),
    },
    signal,
    load(session, target) {
      const describe = (query: string) => describeQuery(session, target.dialect, query);
      return loadModel(session, target, { file, describe });
    },
  });
}

async function insertRows(session: Session, target: SqlDataset, file: LoadFile): Promise<number> {
  if (file.format === "insert_values") return await insertValuesOf(session, target, file);
  const header = file.format === "csv" ? await csvHeader(session, target, file) : [];
  if (file.isImported === true || file.format === "csv") await checkColumns(session, target, { file, header });
  return await session.run(insertFromFile(target, file, header));
}

async function csvHeader(session: Session, target: SqlDataset, file: LoadFile): Promise<readonly string[]> {
  const [header = []] = await session.rows(selectCsvHeader(target, file));
  return header.map(String);
}
