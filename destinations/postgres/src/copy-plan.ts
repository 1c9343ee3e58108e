import { DestinationError, type LoadFile } from "@dlt/core";
import type { CopyColumn, CopyType } from "@dlt/postgres-copy";
import { comparableIdentifier, quoteIdentifier, quoteTable } from "@dlt/sql";
import { isTextType, type StoredColumn } from "./catalog.js";
import type { StoredTarget } from "./stored-target.js";

/** How the rows of a file get into a table. */
export interface CopyPlan {
  /** Run before the rows are sent. */
  readonly before: readonly string[];
  /** Table and columns that `COPY` sends the rows to, quoted. */
  readonly into: string;
  /** Run after the rows were sent. */
  readonly after: readonly string[];
}

/** A column of a file: what is sent, and the expression of its value once it is in a table of such columns. */
interface SentColumn {
  readonly name: string;
  readonly stored: StoredColumn;
  /** Type of a temporary column that takes it; `null`: the stored one does. */
  readonly sentAs: string | null;
  /** Of the temporary column, quoted. */
  readonly converted: (column: string) => string;
}

/**
 * The way of a file in COPY's binary form: straight into the table where each column is stored in the type that it is sent in,
 * otherwise through a temporary table, whose rows the server converts.
 * @throws DestinationError `DESTINATION_COLUMN_TYPE_DIFFERS` where a conversion could lose something
 */
export function binaryCopyPlan(target: StoredTarget, file: LoadFile, columns: readonly CopyColumn[]): CopyPlan {
  return planOf(
    target,
    columns.map(({ name, type }) => sentInBinary(storedOf(target, name), { name, type, file })),
  );
}

/** The way of a file of text: values are read as the types of the table. Bytes stand in it as text. */
export function textCopyPlan(target: StoredTarget, columns: readonly string[]): CopyPlan {
  return planOf(
    target,
    columns.map((name) => {
      const stored = storedOf(target, name);
      const isBinary = stored.typeName === "bytea";
      return {
        name,
        stored,
        sentAs: isBinary ? "text" : null,
        converted: (column) => (isBinary ? `convert_to(${column}, 'UTF8')` : column),
      };
    }),
  );
}

function planOf({ dataset: { dialect }, table }: StoredTarget, columns: readonly SentColumn[]): CopyPlan {
  const quoted = (name: string) => quoteIdentifier(dialect, name);
  const listed = columns.map(({ name }) => quoted(name)).join(", ");
  if (columns.every(({ sentAs }) => sentAs === null)) return { before: [], into: `${table} (${listed})`, after: [] };
  const temporary = quoteTable(dialect, dialect.temporary, "_dlt_loaded");
  const definitions = columns.map(({ name, sentAs, stored }) => `${quoted(name)} ${sentAs ?? stored.type}`);
  const values = columns.map(({ name, converted }) => converted(quoted(name)));
  return {
    before: [`CREATE TEMPORARY TABLE ${temporary} (${definitions.join(", ")}) ON COMMIT DROP`],
    into: `${temporary} (${listed})`,
    after: [
      `INSERT INTO ${table} (${listed}) SELECT ${values.join(", ")} FROM ${temporary}`,
      `DROP TABLE ${temporary}`,
    ],
  };
}

/** Stored types that values become by assignment, with nothing lost or an error. All types become text. */
const assignable: Readonly<Record<CopyType, readonly string[]>> = {
  int2: ["int4", "int8", "numeric", "float4", "float8"],
  int4: ["int2", "int8", "numeric", "float8"],
  int8: ["int2", "int4", "numeric"],
  float8: [],
  bool: [],
  text: [],
  bytea: [],
  numeric: [],
  date: ["timestamp"],
  time: [],
  timestamp: [],
  timestamptz: [],
  jsonb: ["json"],
  uuid: [],
};

function sentInBinary(
  stored: StoredColumn,
  { name, type, file }: { readonly name: string; readonly type: CopyType; readonly file: LoadFile },
): SentColumn {
  const asItIs = (column: string) => column;
  const sent = { name, stored, converted: asItIs };
  const isStoredAsText = isTextType(stored.typeName);
  if (type === stored.typeName || (type === "text" && isStoredAsText)) return { ...sent, sentAs: null };
  if (assignable[type].includes(stored.typeName) || (isStoredAsText && type !== "bytea"))
    return { ...sent, sentAs: type };
  // The server reads text as it would in a statement, and refuses what is none of the type.
  if (type === "text" && stored.typeName !== "bytea")
    return { ...sent, sentAs: type, converted: (column) => `CAST(${column} AS ${stored.type})` };
  throw typeDiffers({ name, type, stored, file });
}

function storedOf({ dataset: { dialect }, columns, table }: StoredTarget, name: string): StoredColumn {
  const stored = columns.get(comparableIdentifier(dialect, name));
  if (stored === undefined)
    throw new TypeError(`${table} has no column ${name}, although rows can be inserted into it.`);
  return stored;
}

interface TypeDifference {
  readonly name: string;
  readonly type: CopyType;
  readonly stored: StoredColumn;
  readonly file: LoadFile;
}

function typeDiffers({ name, type, stored, file }: TypeDifference): DestinationError {
  return new DestinationError(
    "DESTINATION_COLUMN_TYPE_DIFFERS",
    `Column \`${name}\` of table \`${file.table.name}\` is stored as \`${stored.type}\`, which values of the type \`${type}\` cannot become without loss. No row of \`${file.jobId}\` was loaded.`,
    {
      hint: "Give the stored column its type back with ALTER TABLE, or drop it so that the next run adds it again.",
      context: { table: file.table.name, column: name, stored: stored.type, given: type, job: file.jobId },
    },
  );
}
