export { bindSchema, type SchemaBinding, type SchemaPlace } from "./bind-schema.js";
export {
  addDefaultHints,
  setDetections,
  setNormalizerConfig,
  setPreferredTypes,
  setSchemaContract,
} from "./change-settings.js";
export { contractRejection } from "./contract/error.js";
export {
  type ContractDecision,
  type ContractFilter,
  evaluateContract,
  evolvesColumnsOnce,
} from "./contract/evaluate.js";
export {
  type ContractOrigin,
  expandContract,
  isEvolve,
  type ResolvedContract,
  resolveContract,
} from "./contract/resolve.js";
export { diffSchemas, diffTable, newColumns } from "./diff.js";
export { type StoredDocument, schemaEngineVersion, tableDocument } from "./document.js";
export { dropTables } from "./drop-tables.js";
export { type ColumnExplanation, explainColumn } from "./explain.js";
export {
  type ExportOptions,
  exportDocument,
  formatPrettySchema,
  formatSchema,
  formatTable,
  formatTables,
  withoutProcessingHints,
} from "./format-schema.js";
export { type HintContext, hintsToTables, type ResourceHints, schemaContractOf } from "./hints.js";
export { type InferredColumn, inferColumn, newRootTable, type TypePrecisions } from "./infer-column.js";
export { mergeColumn, mergeColumns } from "./merge-columns.js";
export { mergeStrategyOf } from "./merge-strategy.js";
export { ensureCompatible, mergeTable } from "./merge-table.js";
export { newSchema, renameSchema, replaceContent } from "./new-schema.js";
export { normalizeTable } from "./normalize-table.js";
export { type ParseSchemaOptions, parseSchema, parseTable, parseTables, readSchema } from "./parse-schema.js";
export {
  type CompleteColumn,
  columnsWith,
  dataTables,
  hasCompleteColumns,
  hasSeenData,
  isComplete,
  isDltColumn,
  isDltTable,
  isNested,
  isNewTable,
  mayBeNested,
  normalizerHints,
} from "./predicates.js";
export { type PrepareOptions, prepareTable, prepareTables } from "./prepare.js";
export { sameValue } from "./same-value.js";
export { isSchemaName, normalizeSchemaName, verifySchemaName } from "./schema-name.js";
export { type CompiledSettings, compileSettings } from "./settings.js";
export { systemNames } from "./system-names.js";
export { loadsTable, rejectsTable, stateTable, versionTable } from "./system-tables.js";
export { inherited, requireTable, rootTable, rootTables, tableChain, withProperty, withTables } from "./tables.js";
export { updateSchema } from "./update-schema.js";
export { applyUpdate, type UpdateTableOptions, updateTable } from "./update-table.js";
export { verifyConventions } from "./verify-conventions.js";
export { type VerifyCapabilities, verifyLoad, verifyReceived } from "./verify-load.js";
export { bumpVersion, isModified, linkHash, versionHash } from "./version.js";
export { type SchemaView, schemaView, type TableView, tableView } from "./view.js";
