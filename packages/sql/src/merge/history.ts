import { CalendarDate, type ColumnSchema, parseIso, SchemaError, Timestamp } from "@dlt/core";
import { columnType } from "../column-type.js";
import { quoteIdentifier, quoteText } from "../quote.js";
import { newNestedRows } from "./nested-rows.js";
import {
  columnsWith,
  insertion,
  listed,
  quotedColumnsWith,
  type StagedChain,
  type StagedTable,
  sameValues,
} from "./staged-chain.js";

/**
 * Slowly changing dimension of type 2: rows stay, each with the time from which and until which it was true. A version that did not
 * come again ends with this load; one that is not there as a true one begins. With a merge key only rows with a key that came end.
 */
export function history(chain: StagedChain): readonly string[] {
  const { dialect, root, nested } = chain;
  const validFrom = only(root, "x-valid-from");
  const validTo = only(root, "x-valid-to");
  const [from, to] = [validFrom, validTo].map(({ name }) => quoteIdentifier(dialect, name)) as [string, string];
  const [flag] = quotedColumnsWith(dialect, root, "x-active-flag");
  const version = quoteIdentifier(dialect, only(root, "x-row-version").name);
  const boundary = timestamp(chain, validFrom, root.schema["x-boundary-timestamp"] ?? chain.createdAt);
  const activeUntil = validTo["x-active-record-timestamp"] ?? null;
  const active = activeUntil === null ? "NULL" : timestamp(chain, validTo, activeUntil);
  const isActive = activeUntil === null ? `d.${to} IS NULL` : `d.${to} = ${active}`;
  const values = root.columns.filter((column) => column !== from && column !== to && column !== flag);
  const [flagged, ended, begun] = flag === undefined ? ["", "", ""] : [`, ${flag}`, `, ${flag} = FALSE`, ", TRUE"];
  return [
    ...(flag === undefined ? [] : [`UPDATE ${root.final} AS d SET ${flag} = (${isActive}) WHERE d.${flag} IS NULL`]),
    `UPDATE ${root.final} AS d SET ${to} = ${boundary}${ended} WHERE ${isActive} ` +
      `AND NOT EXISTS (SELECT 1 FROM ${root.staged} AS s WHERE ${sameValues([version])})${cameAgain(chain)}`,
    `INSERT INTO ${root.final} (${listed([...values, from, to])}${flagged}) ` +
      `SELECT ${listed(values, "s.")}, ${boundary} AS ${from}, ${active} AS ${to}${begun} FROM ${root.staged} AS s ` +
      `WHERE NOT EXISTS (SELECT 1 FROM ${root.final} AS d WHERE ${isActive} AND ${sameValues([version])})`,
    // Equal rows of a load have the same id, and so have those that are nested in them.
    ...nested.map((table) => insertion(table, newNestedRows(chain, table))),
  ];
}

/** Keeps rows whose merge key did not come from ending. Parts of a compound key may be null. */
function cameAgain({ dialect, root }: StagedChain): string {
  const key = quotedColumnsWith(dialect, root, "mergeKey");
  if (key.length === 0) return "";
  const text = (column: string): string => `COALESCE(CAST(${column} AS ${dialect.types.others.text.unbounded}), '')`;
  const matches =
    key.length === 1
      ? sameValues(key)
      : key.map((column) => `${text(`d.${column}`)} = ${text(`s.${column}`)}`).join(" AND ");
  return ` AND EXISTS (SELECT 1 FROM ${root.staged} AS s WHERE ${matches})`;
}

function only(table: StagedTable, hint: `x-${string}`): ColumnSchema {
  const [column] = columnsWith(table, hint);
  if (column !== undefined) return column;
  throw new SchemaError(
    "SCHEMA_KEY_MISSING",
    `Table \`${table.schema.name}\` is merged by \`scd2\`, but no column has the hint \`${hint}\`.`,
    {
      hint: "Give the strategy with its options on the resource, so that the columns are declared.",
      context: { table: table.schema.name, hint },
    },
  );
}

/** A point in time, microseconds since 1970 UTC or a text in ISO 8601, as a value of a column in any time zone of the session. */
function timestamp({ dialect, root }: StagedChain, column: ColumnSchema, at: unknown): string {
  const instant = Timestamp.fromMicros(typeof at === "bigint" ? at : microsOf(root, column, String(at)));
  return `CAST(${quoteText(dialect, String(instant))} AS ${columnType(dialect, root.schema.name, column)})`;
}

function microsOf({ schema: { name } }: StagedTable, column: ColumnSchema, text: string): bigint {
  const parsed = parseIso(text);
  if (parsed instanceof Timestamp) return parsed.micros;
  if (parsed instanceof CalendarDate) return BigInt(parsed.days) * 86_400_000_000n;
  throw new SchemaError(
    "SCHEMA_HINTS_INVALID",
    `Table \`${name}\` is merged by \`scd2\`, but a timestamp among its hints for \`${column.name}\` is no date-time in ISO 8601.`,
    {
      hint: "Correct `boundaryTimestamp` and `activeRecordTimestamp` of the resource.",
      context: { table: name, column: column.name },
    },
  );
}
