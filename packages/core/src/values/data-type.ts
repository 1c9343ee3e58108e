import type { DataType } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
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
 * @throws SchemaError `VALUE_TYPE_UNKNOWN` for an object of any other class
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

function unknownType(): SchemaError {
  return new SchemaError(
    "VALUE_TYPE_UNKNOWN",
    "A value is an object of a class, or a function, that has no data type.",
    {
      hint: "Turn it into text, or into a plain object.",
    },
  );
}
