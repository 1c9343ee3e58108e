import { isDltError, type ModelClient, type QueryColumn } from "@dlt/core";
import {
  queryAsTable,
  queryColumnType,
  queryInvalid,
  queryText,
  type SqlBackend,
  type SqlDialect,
  selectFromQuery,
} from "@dlt/sql";
import { useDataset } from "./search-path.js";
import type { QueryField, Session } from "./session.js";

export function modelClient(backend: SqlBackend<Session>, signal: AbortSignal): ModelClient {
  const { dialect } = backend.datasets.final;
  return {
    describe: (query) =>
      backend.transact(
        { to: "look at a query", runsQuery: true },
        async (session) => {
          await useDataset(session, backend.datasets.final);
          return await describeQuery(session, dialect, query);
        },
        signal,
      ),
    select: (query, columns) => selectFromQuery(dialect, query, columns),
  };
}

/**
 * The columns of what a query gives, in the transaction of the session; no row of it is made.
 * @throws DestinationError `MODEL_QUERY_INVALID`
 */
export async function describeQuery(
  session: Session,
  dialect: SqlDialect,
  query: string,
): Promise<readonly QueryColumn[]> {
  const text = queryText(query);
  // By itself first, since what stands between parentheses could close them. A cursor is for a SELECT alone.
  await understood(dialect, { text, before: `DECLARE ${cursor} NO SCROLL CURSOR FOR\n` }, (sent) =>
    session.single(sent),
  );
  await session.single(`CLOSE ${cursor}`);
  const fields = await understood(dialect, { text, before: "SELECT * FROM (\n" }, () =>
    session.single(`SELECT * FROM ${queryAsTable(dialect, text, [])} LIMIT 0`),
  );
  const types = await typeNames(session, fields);
  return fields.map(({ name }, index) => ({ name, ...queryColumnType(dialect, types[index] ?? "text") }));
}

const cursor = "_dlt_query";

/** Types with their sizes, as `CREATE TABLE` takes them. */
async function typeNames(session: Session, fields: readonly QueryField[]): Promise<readonly string[]> {
  const list = (numbers: readonly number[]) => `{${numbers.join(",")}}`;
  const rows = await session.rows({
    text:
      "SELECT pg_catalog.format_type(type, size) " +
      "FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS field (type, size, position) ORDER BY position",
    values: [list(fields.map(({ typeId }) => typeId)), list(fields.map(({ typeModifier }) => typeModifier))],
  });
  return rows.map(([name]) => String(name));
}

interface SentQuery {
  readonly text: string;
  /** What is sent before the text. */
  readonly before: string;
}

/** What is wrong with the query becomes an error that does not show it; other errors pass. */
async function understood<Result>(
  dialect: SqlDialect,
  query: SentQuery,
  work: (sent: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(query.before + query.text);
  } catch (error) {
    const reason = isDltError(error) ? null : reasonOf(error as ServerError);
    throw reason === null ? error : queryInvalid(dialect, { reason, line: lineOf(error as ServerError, query) });
  }
}

/** https://www.postgresql.org/docs/current/protocol-error-fields.html */
interface ServerError {
  readonly code?: string;
  readonly message?: string;
  /** Character of what was sent, from 1. */
  readonly position?: string;
}

/** `null` for what is not the fault of a query. */
function reasonOf({ code = "", message = "" }: ServerError): string | null {
  if (/cannot insert multiple commands/.test(message)) return "it has several statements";
  switch (code) {
    case "42601":
      return "it is no valid SELECT";
    case "0A000":
      return "it changes something, or asks for what PostgreSQL cannot do";
    case "08P01":
    case "42P02":
      return "it has parameters";
    case "42P01": {
      const table = /relation "(.+)" does not exist/.exec(message)?.[1];
      return `it reads ${table === undefined ? "a table" : `table \`${table}\``}, which is not there`;
    }
    case "3F000":
      return "it names a schema that is not there";
    case "42703":
      return "it names a column that is not there";
    case "42883":
      return "it names a function or an operator that is not there, or is not for such types";
    case "42501":
      return "the user may not read what it reads";
    default:
      return /^(?:42|22|0A|21|26)/.test(code) ? `PostgreSQL refuses it (SQLSTATE ${code})` : null;
  }
}

function lineOf({ position }: ServerError, { before, text }: SentQuery): number | null {
  const at = Number(position) - 1 - before.length;
  return position === undefined || at < 0 || at > text.length ? null : text.slice(0, at).split("\n").length;
}
