export type * from "./contract/index.js";
export * from "./errors/index.js";

export { base64Length, decodeBase64, encodeBase64, encodeBase64Into } from "./hash/base64.js";
export { digestText } from "./hash/digest.js";
export { Sha3, Shake128Stream, sha3_256, shake128, shake128Into } from "./hash/keccak.js";

export * from "./authoring/index.js";
export * from "./reading/index.js";
export { arrowBatches, isArrowTable } from "./arrow/arrow-batches.js";
export { decodeBatch, encodeBatch } from "./columns/batch-codec.js";
export { readValue, type ColumnValue } from "./columns/column-reader.js";
export { cutBatch } from "./columns/cut-batch.js";
export { haveSameColumns, joinBatches } from "./columns/join-batches.js";
export { batchBytes } from "./columns/slice-batch.js";
export { csv, type CsvOptions } from "./file-formats/csv.js";
export type { CsvQuoting } from "./file-formats/csv-fields.js";
export { jsonl } from "./file-formats/jsonl.js";

export { compareCodePoints } from "./json/code-point-order.js";
export { decodeJson, decodeJsonAt } from "./json/decode.js";
export { encodeJson, type JsonForm } from "./json/encode.js";
export { type EncodedPage, encodePage, encodeRows } from "./json/encode-rows.js";
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
