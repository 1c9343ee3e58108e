import type { LoadFile, LoadJob } from "@dlt/core";
import { loadModel, markedLoadJob, type SqlBackend } from "@dlt/sql";
import type { CsvFormat } from "./csv-format.js";
import { loadRows } from "./load-rows.js";
import { describeQuery } from "./models.js";
import { useDataset } from "./search-path.js";
import type { Session } from "./session.js";

export interface LoadJobOptions {
  readonly backend: SqlBackend<Session>;
  readonly csvFormat: CsvFormat;
  /** Stops all jobs of the client. */
  readonly signal: AbortSignal;
}

/** One file, or what a query gives, into one table. */
export function loadJob(file: LoadFile, { backend, csvFormat, signal }: LoadJobOptions): LoadJob {
  const { final } = backend.datasets;
  return markedLoadJob(file, {
    backend,
    signal,
    async load(session, target) {
      if (file.format !== "model") return await loadRows(session, target, { file, csvFormat });
      await useDataset(session, final);
      const describe = (query: string) => describeQuery(session, target.dialect, query);
      return await loadModel(session, target, { file, describe });
    },
  });
}
