import { type DltError, isDltError, type ModelClient, type QueryColumn } from "@dlt/core";
import {
  queryAsTable,
  queryColumnType,
  queryInvalid,
  queryText,
  quote,
  quoteDataset,
  type SqlDataset,
  type SqlDialect,
  selectFromQuery,
  selectSchema,
  standardText,
} from "@dlt/sql";
import type { Database } from "./database.js";
import { attempt, errorKind } from "./errors.js";
import type { Session } from "./session.js";

export interface ModelClientOptions {
  readonly database: Database;
  readonly dataset: SqlDataset;
  readonly signal: AbortSignal;
}

export function modelClient({ database, dataset, signal }: ModelClientOptions): ModelClient {
  const { dialect } = dataset;
  const { location } = database;
  return {
    describe: (query) =>
      attempt({ to: "look at a query", location, runsQuery: true }, () =>
        database.look(
          (session) => withinDataset(session, dataset, () => describeQuery(session, dialect, query)),
          signal,
        ),
      ),
    select: (query, columns) => selectFromQuery(dialect, query, columns),
  };
}

/** Runs work while tables without a dataset are those of the dataset, if it is there. Not to be used within a transaction. */
export async function withinDataset<Result>(
  session: Session,
  { dialect, name }: SqlDataset,
  work: () => Promise<Result>,
): Promise<Result> {
  if ((await session.rows(selectSchema(dialect, name))).length === 0) return await work();
  const [path = []] = await session.rows({ text: "SELECT current_setting('search_path')", values: [] });
  await session.execute(`USE ${quoteDataset(dialect, name)}`);
  try {
    return await work();
  } finally {
    await session.execute(`SET search_path = ${quote(standardText, String(path[0]))}`);
  }
}

/**
 * The columns of what a query gives; it is bound and not run.
 * @throws DestinationError `MODEL_QUERY_INVALID`
 */
export async function describeQuery(
  session: Session,
  dialect: SqlDialect,
  query: string,
): Promise<readonly QueryColumn[]> {
  const text = queryText(query);
  const { statements, isQuery, parameters, columns } = await understood(dialect, { linesBefore: 0 }, () =>
    session.prepare(text),
  );
  if (statements !== 1) throw queryInvalid(dialect, { reason: `it has ${statements} statements` });
  if (!isQuery) throw queryInvalid(dialect, { reason: "it is no SELECT" });
  if (parameters > 0) throw queryInvalid(dialect, { reason: "it has parameters" });
  // Of a query in a query DuckDB makes different names.
  const described = await understood(dialect, { linesBefore: 1 }, () =>
    session.rows({ text: `DESCRIBE SELECT * FROM ${queryAsTable(dialect, text, [])}`, values: [] }),
  );
  return described.map(([, type], index) => ({ name: columns[index] ?? "", ...columnTypeOf(dialect, String(type)) }));
}

function columnTypeOf(dialect: SqlDialect, type: string): Omit<QueryColumn, "name"> {
  if (/\[\d*\]$|^(?:STRUCT|MAP|UNION)\(/.test(type)) return { dataType: "json" };
  return unsignedTypes[type] ?? queryColumnType(dialect, type);
}

/** Signed integers that hold them. */
const unsignedTypes: Readonly<Record<string, Omit<QueryColumn, "name">>> = {
  UTINYINT: { dataType: "bigint", precision: 16 },
  USMALLINT: { dataType: "bigint", precision: 32 },
  UINTEGER: { dataType: "bigint" },
  UBIGINT: { dataType: "bigint", precision: 128 },
};

/** What is wrong with the query becomes an error that does not show it; other errors pass. */
async function understood<Result>(
  dialect: SqlDialect,
  { linesBefore }: { readonly linesBefore: number },
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isDltError(error) ? error : (invalidQuery(dialect, linesBefore, error) ?? error);
  }
}

function invalidQuery(dialect: SqlDialect, linesBefore: number, error: unknown): DltError | null {
  const message = error instanceof Error ? error.message : String(error);
  const reason = reasonOf(message);
  if (reason === null) return null;
  const line = /^LINE (\d+): /m.exec(message)?.[1];
  return queryInvalid(dialect, { reason, line: line === undefined ? null : Number(line) - linesBefore });
}

/** `null` for what is not the fault of a query. */
function reasonOf(message: string): string | null {
  // A text without a statement.
  if (message === "Error in native callback") return "there is no statement in it";
  const kind = errorKind(message);
  switch (kind) {
    case "Parser Error":
    case "Syntax Error":
      return "it is no valid SELECT";
    case "Catalog Error": {
      const table = /Table with name "?(.+?)"? does not exist/.exec(message)?.[1];
      return table === undefined
        ? "it names a schema, a function or a type that is not there"
        : `it reads table \`${table}\`, which is not there`;
    }
    case "Binder Error":
      return "it names a column that is not there, or has types that do not go together";
    case "Conversion Error":
    case "Invalid Input Error":
    case "Out of Range Error":
    case "Invalid Type Error":
    case "Not implemented Error":
      return `DuckDB refuses it (${kind})`;
    default:
      return null;
  }
}
