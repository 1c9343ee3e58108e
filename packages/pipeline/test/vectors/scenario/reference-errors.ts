import { isDltError } from "@dlt/core";
import { expect } from "vitest";
import { PipelineStepError } from "../../../src/index.js";
import type { VectorObject } from "../read-vectors.js";

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
  RESOURCE_FAILED: "ResourceExtractionError",
  SCHEMA_KEY_MISSING: "SchemaCorruptedException",
  SCHEMA_NAME_COLLISION: "SchemaIdentifierNormalizationCollision",
  DESTINATION_DISPOSITION_UNSUPPORTED: "LoadClientUnsupportedWriteDisposition",
  DESTINATION_TYPE_UNSUPPORTED: "DatabaseTerminalException",
  LOAD_PACKAGE_FAILED: "LoadClientJobFailed",
};

/**
 * Of values that load files of a format such as Parquet do not hold. They are found while the files are written; the reference hands them
 * to the database, which refuses them.
 */
const foundBeforeLoad = ["FILE_VALUE_NULL", "FILE_VALUE_OUT_OF_RANGE"];

/** What an error of a run is in terms of the reference: the step, and the name of a class where a code of ours stands for one. */
export function referenceError(error: unknown): { readonly step: string; readonly className: string } {
  if (!(error instanceof PipelineStepError)) throw error;
  const code = isDltError(error) ? error.code : "";
  if (error.step === "normalize" && foundBeforeLoad.includes(code))
    return { step: "load", className: "LoadClientJobFailed" };
  return { step: error.step, className: classNames[code] ?? code };
}

/** Holds the error of a run, or `null`, to what a vector expects: the step, and the name of a class. */
export function expectReferenceError(error: unknown, expected: VectorObject): void {
  const chain = expected.get("error") as readonly string[] | null;
  if (chain === null) {
    if (error !== null) throw error;
    return;
  }
  if (error === null) throw new Error(`The run had no error such as ${chain.at(-1)}.`);
  const { step, className } = referenceError(error);
  expect(step).toBe(expected.get("step"));
  expect(chain).toContain(className);
}
