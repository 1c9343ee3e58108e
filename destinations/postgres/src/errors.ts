import { DestinationError, type ErrorCode, isDltError } from "@dlt/core";
import { quote, type SqlAttempt, standardIdentifiers } from "@dlt/sql";

/** What was being done when the driver refused, and where. */
export interface Attempt extends SqlAttempt {
  /** The displayed location of the database. */
  readonly location: string;
}

/** What an error of the driver means. */
interface Meaning {
  readonly code: ErrorCode;
  readonly retryable?: boolean;
  /** The server's message may quote values, so neither it nor the error is shown. */
  readonly quotesValues?: boolean;
  /** What happened. Default: the first line of the server's message. */
  readonly reason?: (error: DriverError) => string;
  readonly hint: string | ((attempt: Attempt, error: DriverError) => string);
}

/** What the driver's errors have: https://www.postgresql.org/docs/current/protocol-error-fields.html, or a code of Node. */
type DriverError = Error & {
  readonly code?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly where?: string;
};

const kept = "What was extracted is kept.";
const repaired = ({ repair }: Attempt) =>
  repair === undefined
    ? "Restore it, then run again."
    : `Restore it, or run \`${repair}\` so that the next run creates what is missing.`;

const refusedValue = (reason: string): Meaning => ({
  code: "DESTINATION_VALUE_REFUSED",
  quotesValues: true,
  reason: (error) => `${reason}${placeOf(error)}`,
  hint: "Compare the types and constraints of the columns at the destination with the schema; no row of the file was loaded.",
});
/** Of rows that are there before a load: a column is added to them. */
const requiredColumn: Meaning = {
  code: "DESTINATION_COLUMN_REQUIRED",
  reason: ({ column }) => `column \`${column ?? "?"}\`, which takes no null, cannot be added to a table that has rows`,
  hint: 'Declare the column nullable, or load the table anew with `refresh: "drop_resources"`. Nothing was changed.',
};
const unreachable: Meaning = {
  code: "DESTINATION_UNREACHABLE",
  retryable: true,
  hint: `See that the server runs and that host and port are right, then run again. ${kept}`,
};
const lost: Meaning = {
  code: "DESTINATION_CONNECTION_LOST",
  retryable: true,
  reason: () => "the connection was lost",
  hint: `Run again; the server has rolled back the transaction. ${kept}`,
};
const conflict: Meaning = {
  code: "DESTINATION_CONFLICT",
  retryable: true,
  hint: `Run again; the transaction was rolled back. ${kept}`,
};
const full: Meaning = {
  code: "DESTINATION_STORAGE_FULL",
  retryable: true,
  hint: `Free space at the server, then run again; nothing of this transaction was written. ${kept}`,
};
/** What triggers of somebody say may quote the row. */
const refusedByFunction: Meaning = {
  code: "DESTINATION_VALUE_REFUSED",
  quotesValues: true,
  reason: ({ code }) => `a function of the database, such as a trigger, raised an error (SQLSTATE ${code})`,
  hint: "Look at the triggers of the table, and at the log of the server. Nothing was changed.",
};
const damagedFile: Meaning = {
  code: "DESTINATION_LOAD_FILE_UNREADABLE",
  quotesValues: true,
  reason: () => "the load file is damaged, or not of the format that it should be",
  hint: "Do not change files of a load package; drop the package and extract again if its files are damaged.",
};
const invalid: Meaning = {
  code: "DESTINATION_STATEMENT_INVALID",
  hint: "Check the statement against the SQL of PostgreSQL.",
};
const failed: Meaning = {
  code: "DESTINATION_STATEMENT_FAILED",
  retryable: true,
  hint: `See the message and the log of the server, then run again. ${kept}`,
};
const loginRefused: Meaning = {
  code: "DESTINATION_LOGIN_REFUSED",
  hint: "Check `username` and `password` of the credentials, and the rules of the server (`pg_hba.conf`).",
};
const tlsFailed: Meaning = {
  code: "DESTINATION_TLS_FAILED",
  hint: "Give the certificates to trust as `sslrootcert`, or choose another `sslmode`.",
};

function dropConstraint({ schema = "?", table = "?", constraint = "?" }: DriverError): string {
  const [inSchema, name, dropped] = [schema, table, constraint].map((each) => quote(standardIdentifiers, each));
  return `ALTER TABLE ${inSchema}.${name} DROP CONSTRAINT ${dropped}`;
}

/** By SQLSTATE, or the class of it: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, Meaning>> = {
  "08": lost,
  "0A": invalid,
  "22": refusedValue("a value does not fit the type of its column"),
  "22001": refusedValue("a text is longer than its column takes"),
  "22003": refusedValue("a number is out of the range of its column"),
  "22021": refusedValue("a text is not valid in UTF-8, or has the character U+0000"),
  "22P02": refusedValue("a value cannot be read as the type of its column"),
  "22P03": refusedValue("a value cannot be read as the type of its column"),
  "22P04": damagedFile,
  "22P05": refusedValue("a document has the character U+0000"),
  "23": refusedValue("a value breaks a constraint"),
  "23502": {
    ...refusedValue("a column takes no null"),
    reason: ({ column }) => `column \`${column ?? "?"}\` takes no null`,
    hint: "Make the column nullable at the destination, or give it a value in every row; no row of the file was loaded.",
  },
  "23505": {
    ...refusedValue(""),
    reason: ({ constraint }) => `two rows have the same value where \`${constraint ?? "a constraint"}\` allows one`,
    hint: (_, error) =>
      `Remove repeated rows, or run \`${dropConstraint(error)}\`; with \`createIndexes: false\` new tables have no such constraint. Nothing was changed.`,
  },
  "25006": {
    code: "DESTINATION_READ_ONLY",
    hint: "Connect to a server that takes writes, and see that neither user nor database is set to read only.",
  },
  "25P03": lost,
  "25P04": lost,
  "28": loginRefused,
  "2BP01": {
    code: "DESTINATION_STATEMENT_FAILED",
    hint: `Drop the views on the table and what else depends on it, and make them again afterwards; the replace strategies \`insert-from-staging\` and \`truncate-and-insert\` leave the table where it is. ${kept}`,
  },
  "3D000": {
    code: "DESTINATION_DATABASE_MISSING",
    hint: "Create the database, or name another one in the credentials.",
  },
  "3F000": { code: "DESTINATION_TABLE_MISSING", hint: repaired },
  "40": conflict,
  "42": invalid,
  "42501": {
    code: "DESTINATION_PRIVILEGE_MISSING",
    hint: "Grant the right to the user: CREATE on the database for new datasets (merging needs a second one for staging) and TEMPORARY, all rights on the tables of both.",
  },
  "42701": {
    code: "DESTINATION_NAMES_COLLIDE",
    hint: "Rename the column in the source, with `addMap`. In every table PostgreSQL has `tableoid`, `xmin`, `cmin`, `xmax`, `cmax` and `ctid` of its own.",
  },
  "42703": { code: "DESTINATION_COLUMN_MISSING", hint: repaired },
  "42P01": { code: "DESTINATION_TABLE_MISSING", hint: repaired },
  "42P07": conflict,
  "42P06": conflict,
  "53": failed,
  "53100": full,
  "53200": {
    code: "DESTINATION_OUT_OF_MEMORY",
    retryable: true,
    hint: "Give the server more memory, or load fewer jobs at once.",
  },
  "53300": {
    code: "DESTINATION_BUSY",
    retryable: true,
    hint: `Run fewer jobs at once (\`load.workers\`), or raise \`max_connections\` of the server. ${kept}`,
  },
  "55": conflict,
  "57": failed,
  "57014": {
    code: "DESTINATION_INTERRUPTED",
    retryable: true,
    hint: `Run again; the transaction was rolled back. A time limit (\`statement_timeout\`) may be too short. ${kept}`,
  },
  "57P01": lost,
  "57P02": lost,
  "57P03": unreachable,
  "57P04": lost,
  "58": failed,
  "58030": full,
  XX: failed,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: { ...unreachable, reason: () => "the host is not known" },
  EAI_AGAIN: { ...unreachable, reason: () => "the host is not known, or its name cannot be looked up now" },
  ENOENT: { ...unreachable, reason: () => "there is no socket in the folder" },
  ETIMEDOUT: unreachable,
  ECONNRESET: lost,
  EPIPE: lost,
};

/** Messages of the driver, which have no code. */
const messages: readonly (readonly [pattern: RegExp, meaning: Meaning])[] = [
  [/timeout expired/, { ...unreachable, reason: () => "the server did not answer in time" }],
  [/Connection terminated|Client has encountered a connection error|not queryable/, lost],
  [/does not support SSL/, { ...tlsFailed, reason: () => "the server offers no encrypted connection" }],
  [
    /no login that is bound/,
    {
      ...loginRefused,
      reason: (error) => error.message,
      hint: "Let the server use `scram-sha-256` with TLS, or choose another `channel_binding`.",
    },
  ],
  [
    /password must be a string|no password/i,
    { ...loginRefused, reason: () => "the server asks for a password, and there is none" },
  ],
];

const other: Meaning = { code: "DESTINATION_STATEMENT_FAILED", hint: `See the message. ${kept}` };

/** Runs work with the server; an error of the driver becomes a DestinationError, the one place where `retryable` is decided. */
export async function attempt<Result>(what: Attempt, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isDltError(error) ? error : translateError(error, what);
  }
}

/** The error of this library for one of the driver. */
export function translateError(thrown: unknown, what: Attempt): DestinationError {
  const error: DriverError = firstOf(thrown);
  const { code, retryable = false, quotesValues = false, reason, hint } = meaningOf(error, what);
  const isHidden = what.runsQuery === true && isAboutStatement(error);
  const details = {
    hint: typeof hint === "string" ? hint : hint(what, error),
    context: { location: what.location, ...what.context, ...(error.code !== undefined && { state: error.code }) },
    retryable,
    ...(!quotesValues && !isHidden && { cause: isOfJob(what) ? withoutRows(error) : error }),
  };
  const shown = isHidden
    ? `PostgreSQL refuses it (SQLSTATE ${error.code})`
    : (error.message.split("\n", 1)[0] ?? "").replace(/\.$/, "");
  const happened = reason?.(error) ?? shown;
  return new DestinationError(code, `Could not ${what.to} in ${what.location}: ${happened}.`, details);
}

/** Of the addresses of a host each one may have failed. */
function firstOf(thrown: unknown): DriverError {
  const error = thrown instanceof AggregateError ? (thrown.errors[0] as unknown) : thrown;
  return error instanceof Error ? error : new Error(String(error));
}

function isOfJob({ context = {} }: Attempt): boolean {
  return context["job"] !== undefined;
}

/** The server tells which line of a text it was copying, whatever went wrong. */
function withoutRows(error: DriverError): Error {
  return Object.assign(error, { detail: undefined, where: undefined });
}

function meaningOf({ code = "", message }: DriverError, what: Attempt): Meaning {
  const isPreparation = what.context?.["load"] !== undefined && !isOfJob(what);
  if (code === "23502" && isPreparation) return requiredColumn;
  if (code === "42601" && what.readsFile === true) return damagedFile;
  if (code.startsWith("P0") && isOfJob(what)) return refusedByFunction;
  // The server's messages may quote values, which say anything.
  if (isSqlState(code)) return meanings[code] ?? meanings[code.slice(0, 2)] ?? other;
  const byMessage = messages.find(([pattern]) => pattern.test(message));
  if (byMessage !== undefined) return byMessage[1];
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/.test(code)) return tlsFailed;
  return meanings[code] ?? other;
}

/** True for the code of an error of the server. Node's codes are longer, but for `EPIPE`. */
export function isSqlState(code: unknown): boolean {
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && code !== "EPIPE";
}

/** False for an error of the driver, and for one about the connection, the login or what the server lacks. */
function isAboutStatement({ code = "" }: DriverError): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|28|3D|53|57|58)/.test(code);
}

/** Where a value is, as the server tells: `column x, row 3` between parentheses. What follows there may be the value. */
function placeOf({ column, where = "" }: DriverError): string {
  const [, line, inColumn] = /^COPY .*, line (\d+)(?:, column ([^:\n]+))?/m.exec(where) ?? [];
  const name = column ?? inColumn;
  const places = [name === undefined ? null : `column \`${name}\``, line === undefined ? null : `row ${line}`];
  const known = places.filter((place) => place !== null);
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}
