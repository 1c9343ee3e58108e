import type { ErrorCode, ErrorFamily } from "./catalogue.js";

/** What an error carries beside its message. */
export interface ErrorDetails {
  /** One imperative sentence: what to do next, with the exact key, flag or statement. */
  readonly hint?: string;
  /** Where it happened: names, positions and rules. Never a secret, never the content of a row. */
  readonly context?: Readonly<Record<string, string | number | boolean | null>>;
  readonly cause?: unknown;
  /** The same attempt may succeed later. Set once, where the error of a driver is translated. Default: false. */
  readonly retryable?: boolean;
}

// Recognised across copies of this package, which `instanceof` is not.
const brand = Symbol.for("dlt.error");

/** Every error that is thrown on purpose. The message says what happened and where, `hint` what to do. */
export class DltError extends Error {
  override readonly name: string = "DltError";
  readonly code: ErrorCode;
  readonly family: ErrorFamily;
  readonly hint: string | undefined;
  readonly context: Readonly<Record<string, string | number | boolean | null>>;
  readonly retryable: boolean;
  readonly [brand] = true;

  constructor(family: ErrorFamily, code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.family = family;
    this.code = code;
    this.hint = details.hint;
    this.context = details.context ?? {};
    this.retryable = details.retryable ?? false;
  }

  /** `SchemaError SCHEMA_NAME_INVALID: message` and the hint on a line of its own. */
  override toString(): string {
    return `${this.name} ${this.code}: ${this.message}${this.hint === undefined ? "" : `\n${this.hint}`}`;
  }
}

/** A setting is missing, unreadable or wrong. */
export class ConfigError extends DltError {
  override readonly name = "ConfigError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("config", code, message, details);
  }
}

/** A source or resource is declared wrongly or failed while it was read. */
export class SourceError extends DltError {
  override readonly name = "SourceError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("source", code, message, details);
  }
}

/** A schema, name or value breaks a rule of the schema. */
export class SchemaError extends DltError {
  override readonly name: string = "SchemaError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("schema", code, message, details);
  }
}

/** Data asked for a change that the schema contract refuses. */
export class SchemaContractError extends SchemaError {
  override readonly name = "SchemaContractError";
}

/** A load package, the working folder or the pipeline itself is not in a state to go on. */
export class PackageError extends DltError {
  override readonly name = "PackageError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("package", code, message, details);
  }
}

/** A destination refused or could not be reached. */
export class DestinationError extends DltError {
  override readonly name = "DestinationError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("destination", code, message, details);
  }
}

/** Only a mistake in this library can be the reason. */
export class InternalError extends DltError {
  override readonly name = "InternalError";
  constructor(code: ErrorCode, message: string, details?: ErrorDetails) {
    super("internal", code, message, details);
  }
}

/** True for an error of any copy of this package. */
export function isDltError(error: unknown): error is DltError {
  return typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;
}
