import type { ColumnSchema, PartialTable, SchemaContract } from "../../../src/contract/index.js";
import { isDltError } from "../../../src/errors/index.js";
import type { JsonValue } from "../../../src/json/value.js";
import { readTable, type StoredDocument, tableDocument } from "../../../src/schema/document.js";
import { schemaContractOf } from "../../../src/schema/hints.js";
import { Float } from "../../../src/values/float.js";
import { typedValue } from "../typed-value.js";

/** A table of a case: properties in snake_case, columns as a list or by name. */
export interface GivenTable {
  readonly name: string;
  readonly columns?: unknown;
}

/** Hints of a column in snake_case. */
export type GivenColumn = { readonly name: string } & Readonly<Record<string, unknown>>;

/** A value of a case as a stored document holds it: date-times are texts. */
function storedValue(value: unknown): JsonValue {
  const text = JSON.stringify(value, (_, member) =>
    isTimestamp(member) ? member.$timestamp.replace("+00:00", "Z") : member,
  );
  return typedValue(JSON.parse(text)) as JsonValue;
}

function isTimestamp(value: unknown): value is { readonly $timestamp: string } {
  return typeof value === "object" && value !== null && "$timestamp" in value;
}

export function tableOf(given: GivenTable): PartialTable {
  const { columns = {} } = given;
  const byName = Array.isArray(columns) ? { $object: columns.map((column) => [column.name, column]) } : columns;
  return readTable(storedValue({ ...given, columns: byName }) as StoredDocument);
}

export function columnsOf(list: readonly GivenColumn[]): ReadonlyMap<string, ColumnSchema> {
  return tableOf({ name: "t", columns: list }).columns;
}

/** The table in the form of cases, columns as a list. */
export function plainTable(table: PartialTable): object {
  const document = plain(tableDocument({ ...table, columns: new Map() })) as object;
  return { ...document, columns: plainColumns(table.columns) };
}

export function plainColumns(columns: ReadonlyMap<string, ColumnSchema>): readonly object[] {
  const document = tableDocument({ name: "t", columns }).get("columns") as ReadonlyMap<string, JsonValue>;
  return [...document.values()].map((column) => plain(column) as object);
}

/** A document as plain objects, for comparing where the order of keys does not count; numbers as cases write them. */
export function plain(value: unknown): unknown {
  if (value instanceof Float) return { $float: value.toString() };
  if (typeof value === "bigint") return { $int: value.toString() };
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** A contract of a case, in memory. */
export function givenContract(contract: string | Readonly<Record<string, string>> | null): SchemaContract | null {
  if (contract === null) return null;
  if (typeof contract === "string") return schemaContractOf(contract as never);
  const modes = Object.entries(contract).map(([entity, mode]) => [entity === "data_type" ? "dataType" : entity, mode]);
  return schemaContractOf(Object.fromEntries(modes) as never);
}

/** What a call gives; when it throws, the class of the reference that stands for its error. */
export function outcome<Result>(call: () => Result): Result | { readonly error: string } {
  try {
    return call();
  } catch (error) {
    if (!isDltError(error)) throw error;
    return { error: referenceErrors[error.code] ?? error.code };
  }
}

/** Class names of the reference by codes of ours. */
const referenceErrors: Readonly<Record<string, string>> = {
  IDENTIFIER_EMPTY: "ValueError",
  SCHEMA_DOCUMENT_INVALID: "DictValidationException",
  SCHEMA_NAME_INVALID: "InvalidSchemaName",
  SCHEMA_CORRUPTED: "SchemaCorruptedException",
  SCHEMA_NORMALIZER_UNKNOWN: "ModuleNotFoundError",
  SCHEMA_PARENT_NOT_FOUND: "ParentTableNotFoundException",
  SCHEMA_RULE_INVALID: "DictValidationException",
  SCHEMA_TABLE_NOT_FOUND: "TableNotFound",
  SCHEMA_TABLE_CONFLICT: "TablePropertiesConflictException",
  SCHEMA_TYPE_CONFLICT: "CannotCoerceColumnException",
  SCHEMA_CONTRACT_TABLE: "DataValidationError",
  SCHEMA_CONTRACT_COLUMN: "DataValidationError",
  SCHEMA_CONTRACT_DATA_TYPE: "DataValidationError",
};
