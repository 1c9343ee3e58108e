export type * from "./contract/index.js";
export * from "./errors/index.js";

export { base64Length, decodeBase64, encodeBase64, encodeBase64Into } from "./hash/base64.js";
export { digestText } from "./hash/digest.js";
export { Sha3, Shake128Stream, sha3_256, shake128, shake128Into } from "./hash/keccak.js";

export * from "./authoring/index.js";
export * from "./reading/index.js";
export { decodeBatch, encodeBatch } from "./columns/batch-codec.js";
export { readValue, type ColumnValue } from "./columns/column-reader.js";
export { csv, type CsvOptions } from "./file-formats/csv.js";
export type { CsvQuoting } from "./file-formats/csv-fields.js";
export { jsonl } from "./file-formats/jsonl.js";

export { compareCodePoints } from "./json/code-point-order.js";
export { decodeJson, decodeJsonAt } from "./json/decode.js";
export { encodeJson, type JsonForm } from "./json/encode.js";
export { encodeRows } from "./json/encode-rows.js";
export { decodeMarked, decodeTyped, removeMarkers, typeMarkers } from "./json/typed-values.js";
export type { JsonValue } from "./json/value.js";

export { namingConvention } from "./naming/naming-convention.js";

export { CalendarDate, dateOfTimestamp, midnight } from "./values/calendar-date.js";
export { coerce, type Coercion } from "./values/coerce.js";
export { dataTypeOf } from "./values/data-type.js";
export type { DataValue } from "./values/data-value.js";
export { compareDecimals, Decimal, type DecimalParts, parseDecimal, unscaled } from "./values/decimal.js";
export { type DetectorName, detectors, detectType } from "./values/detect-type.js";
export { doubleValue, Float, float, floatToJson, floatToText } from "./values/float.js";
export { HexBytes } from "./values/hex-bytes.js";
export { parseIso } from "./values/iso-text.js";
export { normalizeTime, TimeOfDay } from "./values/time-of-day.js";
export {
  normalizeTimestamp, Timestamp, timestampFromUnixTime, truncateMicroseconds, truncateTimestamp, type TimestampParts,
} from "./values/timestamp.js";
export { kindOf, type ValueKind, valueKind } from "./values/value-kind.js";
export { Wei } from "./values/wei.js";

export * from "./schema/index.js";
export { fileId, formatJobName, type JobName } from "./job-name.js";
export { relationalNormalizer } from "./normalize/session.js";

export { bindSchema, type SchemaBinding, type SchemaPlace } from "./schema/bind-schema.js";
export { addDefaultHints, setDetections, setPreferredTypes, setSchemaContract } from "./schema/change-settings.js";
export { type ContractDecision, type ContractFilter, evaluateContract, evolvesColumnsOnce } from "./schema/contract/evaluate.js";
export { type ContractOrigin, expandContract, isEvolve, type ResolvedContract, resolveContract } from "./schema/contract/resolve.js";
export { diffSchemas, diffTable, newColumns } from "./schema/diff.js";
export { engineVersion, type StoredDocument, tableDocument } from "./schema/document.js";
export { dropTables } from "./schema/drop-tables.js";
export {
  exportDocument, formatPrettySchema, formatSchema, formatTable, formatTables, withoutProcessingHints,
} from "./schema/format-schema.js";
export { type HintContext, hintsToTables, type ResourceHints, schemaContractOf } from "./schema/hints.js";
export { type InferredColumn, inferColumn, type TypePrecisions } from "./schema/infer-column.js";
export { mergeColumn, mergeColumns } from "./schema/merge-columns.js";
export { mergeStrategyOf } from "./schema/merge-strategy.js";
export { ensureCompatible, mergeTable } from "./schema/merge-table.js";
export { newSchema, renameSchema, replaceContent } from "./schema/new-schema.js";
export { normalizeTable } from "./schema/normalize-table.js";
export { type ParseSchemaOptions, parseSchema, parseTable, parseTables, readSchema } from "./schema/parse-schema.js";
export {
  type CompleteColumn, columnsWith, dataTables, hasCompleteColumns, hasSeenData, isComplete, isDltColumn, isDltTable, isNested, isNewTable,
  mayBeNested, normalizerHints,
} from "./schema/predicates.js";
export { type PrepareOptions, prepareTable, prepareTables } from "./schema/prepare.js";
export { sameValue } from "./schema/same-value.js";
export { isSchemaName, normalizeSchemaName, verifySchemaName } from "./schema/schema-name.js";
export { type CompiledSettings, compileSettings } from "./schema/settings.js";
export { systemNames } from "./schema/system-names.js";
export { loadsTable, stateTable, versionTable } from "./schema/system-tables.js";
export { inherited, requireTable, rootTable, rootTables, tableChain, withProperty, withTables } from "./schema/tables.js";
export { updateSchema } from "./schema/update-schema.js";
export { applyUpdate, type UpdateTableOptions, updateTable } from "./schema/update-table.js";
export { verifyLoad, verifyReceived } from "./schema/verify-load.js";
export { bumpVersion, isModified, linkHash, versionHash } from "./schema/version.js";
export { type SchemaView, schemaView, type TableView, tableView } from "./schema/view.js";
