export { completeLoad } from "./client/complete-load.js";
export { followUpJobs } from "./client/follow-up-jobs.js";
export { markedLoadJob } from "./client/marked-load-job.js";
export { explainLoad, prepareLoad } from "./client/preparation.js";
export { closedError, cutOffError, interruptedError } from "./client/session-errors.js";
export type { SqlAttempt, SqlBackend, SqlDatasets, SqlSession } from "./client/sql-backend.js";
export { stateStore } from "./client/state-store.js";
export { truncateStaging } from "./client/truncate-staging.js";
export type { ByPrecision, ColumnTypes } from "./column-type.js";
export { columnType, storedColumnType } from "./column-type.js";
export {
  type ConnectionCredentials,
  type ConnectionOptions,
  type ConnectionParts,
  connection,
  displayConnection,
  parseConnectionString,
} from "./connection-string.js";
export { dropSchema } from "./ddl.js";
export type { SqlDialect, SqlValue, Statement } from "./dialect.js";
export { comparableIdentifier } from "./identifiers.js";
export type { StoredColumn, StoredTable, StoredTables } from "./information-schema.js";
export { selectColumns, selectSchema, storedTables } from "./information-schema.js";
export { type InsertValuesOptions, insertValues } from "./insert-values/file-format.js";
export { type InsertTarget, insertStatements } from "./insert-values/insert-statements.js";
export type { LiteralStyle } from "./insert-values/literal.js";
export type { JobMark } from "./marks.js";
export { deleteOldMarks, insertLoad, insertMark, selectLoad, selectMark } from "./marks.js";
export { followUpStatements } from "./merge/follow-up.js";
export { loadModel } from "./model/load-model.js";
export { queryInvalid } from "./model/query-invalid.js";
export { queryAsTable, queryText, selectFromQuery } from "./model/query-text.js";
export { queryColumnType } from "./model/query-type.js";
export { translateParameters } from "./parameters.js";
export type { FoundDataset, PrepareOptions, PreparePlan } from "./prepare-plan.js";
export { nothingFound, preparePlan, tablesToFind, truncateStored } from "./prepare-plan.js";
export type { DatasetName, QuoteStyle } from "./quote.js";
export {
  quote,
  quoteDataset,
  quoteIdentifier,
  quoteTable,
  quoteText,
  standardIdentifiers,
  standardText,
} from "./quote.js";
export type { SqlDataset } from "./sql-dataset.js";
export {
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
} from "./stored-records.js";
export type { SystemTable, SystemTables } from "./system-tables.js";
export { preparedJobId, systemTables } from "./system-tables.js";
