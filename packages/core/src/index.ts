// What authors of connectors and applications use. `@dlt/core/engine` has what engines are made of.
export {
  isColumnBatch,
  isDestination,
  isEncodedRows,
  isFileImport,
  isJsonText,
  isResource,
  isResourceFactory,
  isSource,
  isSourceFactory,
  isSqlModel,
  isStandardSchema,
  isTransformer,
} from "./authoring/brand.js";
export type {
  IncrementalDefinition,
  ResourceBody,
  ResourceDefinition,
  SourceDefinition,
  Step,
} from "./authoring/definition.js";
export {
  type DestinationArguments,
  type DestinationFactory,
  type DestinationOptions,
  destination,
} from "./authoring/destination.js";
export { type FileImportOptions, withFileImport } from "./authoring/file-import.js";
export { incremental } from "./authoring/incremental.js";
export { materializeTableSchema, withHints, withTableName } from "./authoring/marks.js";
export { resource } from "./authoring/resource.js";
export { isSecret } from "./authoring/secret.js";
export type { SettingTypes } from "./authoring/setting-types.js";
export {
  anyOf,
  type FieldWithNative,
  group,
  type SecretOptions,
  type SettingOptions,
  type SettingsLookup,
  type SettingsRequest,
  secret,
  setting,
} from "./authoring/settings.js";
export { type SourceOptions, source } from "./authoring/source.js";
export type { SchemaChange } from "./authoring/source-schema.js";
export { sqlModel } from "./authoring/sql-model.js";
export { transformer } from "./authoring/transformer.js";
export { type IndexedValues, indexedValues } from "./columns/indexed-values.js";
export type * from "./contract/index.js";
export * from "./errors/index.js";
export type {
  BatchContext,
  BatchFunction,
  ColumnFunctionOptions,
  FileFunctionOptions,
  RowFunctionOptions,
} from "./function-destination/function-options.js";
export type { JsonValue } from "./json/value.js";
export { namingConvention } from "./naming/naming-convention.js";
export { CalendarDate } from "./values/calendar-date.js";
export type { DataValue } from "./values/data-value.js";
export { Decimal, type DecimalParts } from "./values/decimal.js";
export { Float, float } from "./values/float.js";
export { HexBytes } from "./values/hex-bytes.js";
export { parseIso } from "./values/iso-text.js";
export { TimeOfDay } from "./values/time-of-day.js";
export { Timestamp, type TimestampParts } from "./values/timestamp.js";
export { kindOf, type ValueKind, valueKind } from "./values/value-kind.js";
export { Wei } from "./values/wei.js";
