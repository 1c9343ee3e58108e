import { isDltError, type StateStore } from "@dlt/core";
import {
  dropSchema,
  type Statement,
  schemaRecord,
  selectLastLoadId,
  selectNewestSchema,
  selectSchema,
  selectSchemaByHash,
  selectState,
  stateRecord,
} from "@dlt/sql";
import type { Database } from "./database.js";
import type { Datasets } from "./datasets.js";
import { attempt } from "./errors.js";

export interface StateStoreOptions {
  readonly database: Database;
  readonly datasets: Datasets;
  readonly signal: AbortSignal;
}

/** Reads the system tables of a dataset; a file that is not there is not made. */
export function stateStore({ database, datasets: { final, staging }, signal }: StateStoreOptions): StateStore {
  /** First row, or null when there is none or its table is not there. */
  const firstRow = async (statement: Statement): Promise<readonly unknown[] | null> => {
    if (!database.exists()) return null;
    try {
      const rows = await attempt({ to: "read the state", location: database.location }, () =>
        database.use((session) => session.rows(statement), signal),
      );
      return rows[0] ?? null;
    } catch (error) {
      if (isDltError(error) && error.code === "DESTINATION_TABLE_MISSING") return null;
      throw error;
    }
  };
  return {
    async readState(pipelineName) {
      const row = await firstRow(selectState(final, pipelineName));
      return row === null ? null : stateRecord(row);
    },
    async readSchema(schemaName) {
      const row = await firstRow(selectNewestSchema(final, schemaName));
      return row === null ? null : schemaRecord(row);
    },
    async readSchemaByHash(versionHash) {
      const row = await firstRow(selectSchemaByHash(final, versionHash));
      return row === null ? null : schemaRecord(row);
    },
    async readLastLoadId() {
      const row = await firstRow(selectLastLoadId(final));
      return row === null || row[0] === null ? null : String(row[0]);
    },
    async datasetExists() {
      return (await firstRow(selectSchema(final.dialect, final.name))) !== null;
    },
    async dropDataset() {
      if (!database.exists()) return;
      await attempt({ to: "drop the dataset", location: database.location }, () =>
        database.use(
          (session) =>
            session.transaction(async () => {
              for (const { dialect, name } of [final, staging]) await session.run(dropSchema(dialect, name));
            }),
          signal,
        ),
      );
    },
  };
}
