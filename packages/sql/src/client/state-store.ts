import { isDltError, type StateStore } from "@dlt/core";
import { dropSchema } from "../ddl.js";
import type { Statement } from "../dialect.js";
import { selectSchema } from "../information-schema.js";
import { selectLoad } from "../marks.js";
import {
  rejectedTable,
  rejectRecord,
  schemaRecord,
  selectLastLoadId,
  selectNewestSchema,
  selectRejectedTables,
  selectRejects,
  selectSchemaByHash,
  selectState,
  stateRecord,
} from "../stored-records.js";
import type { SqlBackend } from "./sql-backend.js";

/** Reads the system tables of a dataset; a database that is not there is not made. */
export function stateStore(backend: SqlBackend, signal: AbortSignal): StateStore {
  const { final, staging } = backend.datasets;
  /** No rows when the table is not there. */
  const allRows = async (statement: Statement): Promise<readonly (readonly unknown[])[]> => {
    if (!backend.exists()) return [];
    try {
      return await backend.use({ to: "read the state" }, (session) => session.rows(statement), signal);
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
    async hasLoad(loadId) {
      return (await firstRow(selectLoad(final, loadId))) !== null;
    },
    async datasetExists() {
      return (await firstRow(selectSchema(final.dialect, final.name))) !== null;
    },
    rejects: {
      tables: async (pipelineName) => (await allRows(selectRejectedTables(final, pipelineName))).map(rejectedTable),
      rows: async (request) => (await allRows(selectRejects(final, request))).map(rejectRecord),
    },
    async dropDataset() {
      if (!backend.exists()) return;
      await backend.transact(
        { to: "drop the dataset" },
        async (session) => {
          for (const { dialect, name } of [final, staging]) await session.run(dropSchema(dialect, name));
        },
        signal,
      );
    },
  };
}
