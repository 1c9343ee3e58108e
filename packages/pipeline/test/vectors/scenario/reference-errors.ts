import { isDltError } from "@dlt/core";
import { PipelineStepError } from "../../../src/index.js";

/** Class names of the reference by codes of ours. */
const classNames: Readonly<Record<string, string>> = {
  SCHEMA_CONTRACT_TABLE: "DataValidationError",
  SCHEMA_CONTRACT_COLUMN: "DataValidationError",
  SCHEMA_CONTRACT_DATA_TYPE: "DataValidationError",
  COLUMN_NULL_REFUSED: "CannotCoerceNullException",
  COLUMN_VALUE_NOT_CONVERTIBLE: "CannotCoerceColumnException",
  SCHEMA_COLUMN_UNBOUND: "UnboundColumnException",
  SCHEMA_IDENTIFIERS_FROZEN: "TableIdentifiersFrozen",
  SCHEMA_PARENT_NOT_FOUND: "ParentTableNotFoundException",
  SCHEMA_TABLE_CONFLICT: "TablePropertiesConflictException",
  SCHEMA_TYPE_CONFLICT: "CannotCoerceColumnException",
  SCHEMA_NAME_INVALID: "InvalidSchemaName",
  ROW_KEY_MISSING: "KeyError",
  CSV_BINARY_NOT_TEXT: "InvalidDataItem",
  CSV_FIELD_NEEDS_QUOTES: "Error",
  JSON_VALUE_INVALID: "TypeError",
};

/** What an error of a run is in terms of the reference: the step, and the name of a class where a code of ours stands for one. */
export function referenceError(error: unknown): { readonly step: string; readonly className: string } {
  if (!(error instanceof PipelineStepError)) throw error;
  const code = isDltError(error) ? error.code : "";
  return { step: error.step, className: classNames[code] ?? code };
}
