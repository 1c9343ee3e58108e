import type { DataType } from "../contract/schema.js";
import { InternalError } from "../errors/index.js";
import type { DataValue } from "./data-value.js";
import { kindOf, type ValueKind } from "./value-kind.js";

/** All data types. */
export const dataTypes = [
  "text",
  "double",
  "bool",
  "timestamp",
  "bigint",
  "binary",
  "json",
  "decimal",
  "wei",
  "date",
  "time",
] as const satisfies readonly DataType[];

/**
 * The data type that a value has by itself; `null` for null.
 * @throws InternalError for an object of any other class: rows come here as they are stored, without such objects
 */
export function dataTypeOf(value: DataValue): DataType | null {
  switch (typeof value) {
    case "string":
      return "text";
    case "boolean":
      return "bool";
    case "bigint":
      return "bigint";
    case "number":
      return Number.isSafeInteger(value) ? "bigint" : "double";
    case "object":
      return value === null ? null : typeOfObject(value);
    default:
      throw unknownType();
  }
}

const typesOfKinds: Readonly<Record<ValueKind, DataType>> = {
  float: "double",
  decimal: "decimal",
  wei: "wei",
  timestamp: "timestamp",
  date: "date",
  time: "time",
  hexbytes: "binary",
};

function typeOfObject(value: object): DataType {
  if (value instanceof Map || Array.isArray(value)) return "json";
  if (value instanceof Uint8Array) return "binary";
  const kind = kindOf(value);
  if (kind !== undefined) return typesOfKinds[kind];
  throw unknownType();
}

function unknownType(): InternalError {
  return new InternalError(
    "INTERNAL_STATE_UNEXPECTED",
    "A value is a function, or an object of a class, that has no data type.",
  );
}
