import { DestinationError, type ErrorCode, isDltError } from "@dlt/core";
import type { SqlAttempt } from "@dlt/sql";

/** What was being done when the driver refused, and where. */
export interface Attempt extends SqlAttempt {
  /** The displayed location of the database. */
  readonly location: string;
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  /** The driver's message may quote values, so it is not shown. */
  readonly quotesValues?: boolean;
  readonly onlyForFiles?: boolean;
  /** What happened; `$1` and so on are groups of the pattern. Default: the first line of the driver's message. */
  readonly reason?: string;
  readonly hint: string | ((attempt: Attempt) => string);
}

const kept = "What was extracted is kept.";
const repaired = ({ repair }: Attempt) =>
  repair === undefined
    ? "Restore it, then run again."
    : `Restore it, or run \`${repair}\` so that the next run creates what is missing.`;

/** Messages of DuckDB 1.5 and what they mean, most special first. */
const rules: readonly Rule[] = [
  {
    pattern: /Could not set lock on file .*?Conflicting lock is held in (.+? \(PID \d+\)(?: by user \S+)?)/s,
    code: "DESTINATION_LOCKED",
    retryable: true,
    reason: "another process has the file open: $1",
    hint: `Close it there, or wait for it to end, then run again. ${kept}`,
  },
  {
    pattern: /Could not set lock on file|being used by another process/,
    code: "DESTINATION_LOCKED",
    retryable: true,
    reason: "another process has the file open",
    hint: `Close it there, or wait for it to end, then run again. ${kept}`,
  },
  {
    pattern: /with a different configuration than existing connections/,
    code: "DESTINATION_LOCKED",
    retryable: true,
    reason: "this process has the file open with other settings (`read_only`)",
    hint: "Close the other client first, or give both the same settings.",
  },
  {
    pattern: /Unique file handle conflict|already attached in READ_(?:ONLY|WRITE) mode/,
    code: "DESTINATION_LOCKED",
    retryable: true,
    reason: "this process has the file open with other settings (`read_only`, `attach_options`, `encryption_key`)",
    hint: "Close the other client first, or give both the same settings.",
  },
  {
    pattern:
      /Wrong encryption key|encrypted database ".*" without a key|A key is explicitly specified, but database ".*" is not encrypted/,
    code: "DESTINATION_CREDENTIALS_INVALID",
    hint: "Set `encryption_key` of the credentials to the key that the file was made with; leave it out for a file without.",
  },
  {
    pattern: /read-only crypto module/,
    code: "DESTINATION_EXTENSION_MISSING",
    reason: "DuckDB writes encrypted files only with the extension `httpfs`",
    hint: 'Set `extensions = ["httpfs"]` of the credentials.',
  },
  {
    pattern: /No space left on device|ENOSPC|not enough space|File too large/i,
    code: "DESTINATION_STORAGE_FULL",
    retryable: true,
    hint: `Free space, then run again; nothing of this transaction was written. ${kept}`,
  },
  {
    pattern: /database has been invalidated|^FATAL Error/,
    code: "DESTINATION_INVALIDATED",
    hint: `Run again in a new process; what was committed is safe. ${kept}`,
  },
  {
    pattern: /^INTERRUPT Error/,
    code: "DESTINATION_INTERRUPTED",
    retryable: true,
    reason: "it was stopped",
    hint: `Run again; the transaction was rolled back. ${kept}`,
  },
  {
    pattern: /^Out of Memory Error/,
    code: "DESTINATION_OUT_OF_MEMORY",
    retryable: true,
    hint: "Raise `memory_limit` or lower `threads` under `global_config` of the credentials, or load fewer jobs at once.",
  },
  {
    pattern:
      /not a valid DuckDB database file|Trying to read a database file with version|Corrupt database file|checksum .*does not match/i,
    code: "DESTINATION_FILE_INVALID",
    hint: "Name another file, or restore this one from a backup; a file of a newer DuckDB needs a newer `@duckdb/node-api`.",
  },
  {
    pattern: /in read-only mode: database does not exist/,
    code: "DESTINATION_PATH_UNUSABLE",
    reason: "there is no such file, and opening it for reading only does not make it",
    hint: "Name a file that is there, or leave out `read_only`.",
  },
  {
    pattern: /No files found that match the pattern|No magic bytes found|Parquet|TProtocolException|snappy|thrift/i,
    onlyForFiles: true,
    quotesValues: true,
    code: "DESTINATION_LOAD_FILE_UNREADABLE",
    reason: "the load file is missing or damaged",
    hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
  },
  {
    pattern: /(?:Cannot open|Could not read from) file .*(?:Is a directory|Not a directory|No such file or directory)/s,
    code: "DESTINATION_PATH_UNUSABLE",
    hint: "Name a file in a folder that is there.",
  },
  {
    pattern: /attached in read-only mode|Read-only file system|Permission denied|EACCES|EROFS/i,
    code: "DESTINATION_READ_ONLY",
    hint: "Leave out `read_only`, and see that the file and its folder may be written by this user.",
  },
  {
    pattern: /Extension ".*" not found|Failed to (?:download|install) /,
    code: "DESTINATION_EXTENSION_MISSING",
    hint: "Let this machine reach the repository of extensions, name one with `custom_extension_repository` under `global_config`, or install it once with `INSTALL <name>` in DuckDB of the same version.",
  },
  {
    pattern: /Catalog Error: (?:Table|Schema|View) with name "?(.+?)"? does not exist/,
    code: "DESTINATION_TABLE_MISSING",
    reason: "`$1` is not there",
    hint: repaired,
  },
  {
    pattern: /Table ".*" does not have a column with name "(.+?)"|Referenced column "(.+?)" not found/,
    code: "DESTINATION_COLUMN_MISSING",
    reason: "column `$1` is not there",
    hint: repaired,
  },
  {
    pattern: /NOT NULL constraint failed: (\S+)/,
    code: "DESTINATION_VALUE_REFUSED",
    quotesValues: true,
    reason: "column `$1` takes no null",
    hint: "Make the column nullable at the destination, or give it a value in every row; no row of the file was loaded.",
  },
  {
    pattern: /^(?:Conversion|Out of Range|Constraint) Error|constraint violation: /,
    code: "DESTINATION_VALUE_REFUSED",
    quotesValues: true,
    reason: "a value does not fit the type or a constraint of its column",
    hint: "Compare the types of the columns at the destination with the schema; no row of the file was loaded.",
  },
  {
    pattern: /Maximum line size|maximum_object_size/,
    onlyForFiles: true,
    code: "DESTINATION_VALUE_REFUSED",
    quotesValues: true,
    reason: "a row is longer than DuckDB reads from files of text",
    hint: 'Load it as Parquet: set `loaderFileFormat` to "parquet".',
  },
  {
    pattern: /^Invalid Input Error/,
    onlyForFiles: true,
    code: "DESTINATION_VALUE_REFUSED",
    quotesValues: true,
    reason: "a value of the file cannot be read as the type of its column",
    hint: "Compare the types of the columns at the destination with the schema; no row of the file was loaded.",
  },
  {
    pattern: /^(?:Parser|Syntax) Error/,
    onlyForFiles: true,
    quotesValues: true,
    code: "DESTINATION_LOAD_FILE_UNREADABLE",
    reason: "the load file is damaged",
    hint: "Do not change files of a load package; drop the package and extract again if its files are damaged.",
  },
  {
    pattern: /^TransactionContext Error: .*(?:conflict|another transaction|different transaction)/i,
    code: "DESTINATION_CONFLICT",
    retryable: true,
    hint: `Run again; the transaction was rolled back. ${kept}`,
  },
  {
    pattern: /^(?:Parser|Binder|Syntax|Not implemented|Invalid Input) Error/i,
    code: "DESTINATION_STATEMENT_INVALID",
    hint: "Check the statement against the SQL of DuckDB.",
  },
  {
    pattern: /^(?:IO|HTTP) Error/,
    code: "DESTINATION_STATEMENT_FAILED",
    retryable: true,
    hint: `See that the file and its folder, or the server that has it, can be reached, then run again. ${kept}`,
  },
];

const otherError: Rule = {
  pattern: /^/,
  code: "DESTINATION_STATEMENT_FAILED",
  hint: `See the message of DuckDB. ${kept}`,
};

/** Runs work with DuckDB; an error of the driver becomes a DestinationError, the one place where `retryable` is decided. */
export async function attempt<Result>(what: Attempt, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isDltError(error) ? error : translateError(error, what);
  }
}

/** The error of this library for one of the driver. */
export function translateError(error: unknown, what: Attempt): DestinationError {
  const message = driverMessage(error);
  const rule =
    rules.find(({ pattern, onlyForFiles }) => (!onlyForFiles || what.readsFile) && pattern.test(message)) ?? otherError;
  // Errors of DuckDB are plain ones.
  const isHidden = what.runsQuery === true && error instanceof Error && error.name === "Error";
  const details = {
    hint: typeof rule.hint === "string" ? rule.hint : rule.hint(what),
    context: { location: what.location, ...what.context },
    retryable: rule.retryable ?? false,
    ...(rule.quotesValues !== true && !isHidden && { cause: error }),
  };
  return new DestinationError(
    rule.code,
    `Could not ${what.to} in ${what.location}: ${isHidden ? hiddenReason(rule, message) : reasonOf(rule, message)}.`,
    details,
  );
}

/** The message of the driver's error. What would follow shows where in the statement, which is our text. */
export function driverMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (fromJson(text) ?? text).split("\n\n", 1)[0] ?? "";
}

/** With the setting `errors_as_json` messages are objects. */
function fromJson(text: string): string | null {
  if (!text.startsWith("{")) return null;
  try {
    const { exception_type: type, exception_message: message } = JSON.parse(text);
    return typeof type === "string" && typeof message === "string" ? `${type} Error: ${message}` : null;
  } catch {
    return null;
  }
}

function reasonOf({ reason, pattern }: Rule, message: string): string {
  if (reason === undefined) return (message.split("\n", 1)[0] ?? "").replace(/\.$/, "");
  const groups = pattern
    .exec(message)
    ?.slice(1)
    .filter((group) => group !== undefined);
  return reason.replace("$1", () => groups?.[0] ?? "?");
}

/** Without anything that may be part of a query. */
function hiddenReason({ reason }: Rule, message: string): string {
  if (reason !== undefined && !reason.includes("$")) return reason;
  return `DuckDB refuses it (${errorKind(message) ?? "for another reason"})`;
}

/** `Binder Error`, of a message that begins so. */
export function errorKind(message: string): string | null {
  return /^(?:Failed to extract statements: )?([A-Z][A-Za-z ]{2,30} Error)\b/.exec(message)?.[1] ?? null;
}
