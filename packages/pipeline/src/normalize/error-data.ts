import {
  ConfigError,
  DestinationError,
  type DltError,
  InternalError,
  isDltError,
  PackageError,
  SchemaContractError,
  SchemaError,
  SourceError,
} from "@dlt/core";
import type { ErrorData } from "./chunk-task.js";

/** An error as data that a thread can send. */
export function errorData(error: unknown): ErrorData {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const dlt = isDltError(error)
    ? { family: error.family, code: error.code, hint: error.hint, context: error.context }
    : null;
  return { name, message, stack, dlt };
}

/** The error that a thread sent, of its own class. */
export function errorFrom({ name, message, stack, dlt }: ErrorData): Error {
  const error = dlt === null ? new Error(message) : dltError(name, message, dlt);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function dltError(
  name: string,
  message: string,
  { family, code, hint, context }: NonNullable<ErrorData["dlt"]>,
): DltError {
  const details = { context, ...(hint !== undefined && { hint }) };
  switch (family) {
    case "config":
      return new ConfigError(code, message, details);
    case "source":
      return new SourceError(code, message, details);
    case "schema":
      return name === "SchemaContractError"
        ? new SchemaContractError(code, message, details)
        : new SchemaError(code, message, details);
    case "package":
      return new PackageError(code, message, details);
    case "destination":
      return new DestinationError(code, message, details);
    case "internal":
      return new InternalError(code, message, details);
  }
}
