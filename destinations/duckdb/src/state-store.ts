import { isDltError, type StateStore } from "@dlt/core";
import {
  dropSchema,
  rejectedTable,
  rejectRecord,
  type Statement,
  schemaRecord,
  selectLastLoadId,
  selectNewestSchema,
  selectRejectedTables,
  selectRejects,
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
  /** No rows when the table is not there. */
  const allRows = async (statement: Statement): Promise<readonly (readonly unknown[])[]> => {
    if (!database.exists()) return [];
    try {
      return await attempt({ to: "read the state", location: database.location }, () =>
        database.use((session) => session.rows(statement), signal),
      );
    } catch (error) {
      if (isDltError(error) && error.code === "DESTINATION_TABLE_MISSING") return [];
      throw error;
    }
  };
  const firstRow = async (statement: Statement) => (await allRows(statement))[0] ?? null;
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
    rejects: {
      tables: async (pipelineName) => (await allRows(selectRejectedTables(final, pipelineName))).map(rejectedTable),
      rows: async (request) => (await allRows(selectRejects(final, request))).map(rejectRecord),
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
