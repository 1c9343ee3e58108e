// What engines are made of, beside what authors of connectors need: reading resources, the schema algebra, the normalizer, file
// formats. It changes with the engine; connectors use the main entry.
export { arrowBatches, isArrowTable } from "./arrow/arrow-batches.js";
export { checkCalled } from "./authoring/arguments.js";
export { type AuthorScope, type EnterScope, installScope } from "./authoring/author-scope.js";
export { resourceDefinition, sourceDefinition } from "./authoring/brand.js";
export { mergedCursor, needsCursor, setCursor } from "./authoring/change-cursor.js";
export { cloneResources } from "./authoring/clone-resource.js";
export { unmarked } from "./authoring/marks.js";
export { hintsForRow, mergeHints, rowDependentHints, variantHints } from "./authoring/merge-hints.js";
export { changeResource, makeResource } from "./authoring/resource.js";
export { describedHints } from "./authoring/row-schema/index.js";
export { fetchedSecret, secretOf } from "./authoring/secret.js";
export { type SettingTypes, settingTypes } from "./authoring/setting-types.js";
export {
  checkedValue,
  type FieldResult,
  givenValue,
  holdsSecrets,
  parsedValue,
  typeOf,
} from "./authoring/setting-value.js";
export { installSettings, lookUpSettings } from "./authoring/settings.js";
export { makeSource } from "./authoring/source.js";
export { cursorOf, cursorStepOf } from "./authoring/steps.js";
export { decodeBatch, encodeBatch } from "./columns/batch-codec.js";
export { type ColumnValue, readValue } from "./columns/column-reader.js";
export { cutBatch, cutRows } from "./columns/cut-batch.js";
export { haveSameColumns, joinBatches } from "./columns/join-batches.js";
export { batchBytes } from "./columns/slice-batch.js";
export { type CsvOptions, csv } from "./file-formats/csv.js";
export type { CsvQuoting } from "./file-formats/csv-fields.js";
export { jsonl } from "./file-formats/jsonl.js";
export { functionDestinationType } from "./function-destination/function-destination.js";
export { base64Length, decodeBase64, encodeBase64, encodeBase64Into } from "./hash/base64.js";
export { digestText } from "./hash/digest.js";
export { Sha3, Shake128Stream, sha3_256, shake128, shake128Into } from "./hash/keccak.js";
export { fileId, followUpId, formatJobName, type JobName, parseJobName } from "./job-name.js";
export { compareCodePoints } from "./json/code-point-order.js";
export { decodeJson, decodeJsonAt } from "./json/decode.js";
export { encodeJson, type JsonForm } from "./json/encode.js";
export { type EncodedPage, encodePage, encodeRows } from "./json/encode-rows.js";
export { plainObjects } from "./json/plain-objects.js";
export { decodeMarked, decodeTyped, removeMarkers, typeMarkers } from "./json/typed-values.js";
export { decimalSize } from "./normalize/column-values.js";
export { type FittedQuery, fitQuery, type QueryColumnsOptions } from "./normalize/fit-query.js";
export {
  formatReplayedLine,
  type NestedOrigin,
  parseNestedOrigin,
  type RowOrigin,
} from "./normalize/rejects/row-origin.js";
export { relationalNormalizer } from "./normalize/session.js";
export { cursorTypeOf } from "./reading/cursor/cursor-type.js";
export { type Interval, intervalCursor } from "./reading/cursor/interval-cursor.js";
export * from "./reading/index.js";
export * from "./schema/index.js";
export { dateOfTimestamp, midnight } from "./values/calendar-date.js";
export { type Coercion, coerce } from "./values/coerce.js";
export { dataTypeOf } from "./values/data-type.js";
export { compareDecimals, parseDecimal, unscaled } from "./values/decimal.js";
export { type DetectorName, detectors, detectType } from "./values/detect-type.js";
export { editDistance } from "./values/edit-distance.js";
export { doubleValue, floatToJson, floatToText } from "./values/float.js";
export { parseIso } from "./values/iso-text.js";
export { ownMember, setOwnMember } from "./values/own-member.js";
export { castText, readers } from "./values/setting-text.js";
export { normalizeTime } from "./values/time-of-day.js";
export {
  normalizeTimestamp,
  timestampFromUnixTime,
  truncateMicroseconds,
  truncateTimestamp,
} from "./values/timestamp.js";
