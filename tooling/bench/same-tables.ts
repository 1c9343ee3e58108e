import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** Two DuckDB files, and the tables that both should hold. */
export interface TableComparison {
  readonly expected: string;
  readonly actual: string;
  readonly schema: string;
  /** Each table with its parent table, `null` for a root table. */
  readonly tables: Readonly<Record<string, string | null>>;
}

/** Columns whose values differ from load to load. */
const generatedColumns = new Set(["_dlt_load_id", "_dlt_id", "_dlt_parent_id"]);

/**
 * Compares row counts and the values of each column, whatever the order of rows. Ids must be there and unique in `actual`,
 * and those of a parent must lead to one.
 * @returns one sentence per difference
 */
export async function tableDifferences(comparison: TableComparison): Promise<readonly string[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  try {
    for (const role of ["expected", "actual"] as const) {
      await connection.run(`ATTACH '${comparison[role].replaceAll("'", "''")}' AS ${role} (READ_ONLY)`);
    }
    const differences: string[] = [];
    for (const [table, parent] of Object.entries(comparison.tables)) {
      differences.push(...(await valueDifferences(connection, comparison.schema, table)));
      differences.push(...(await idProblems(connection, comparison.schema, table, parent)));
    }
    return differences;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function valueDifferences(
  connection: DuckDBConnection,
  schema: string,
  table: string,
): Promise<readonly string[]> {
  const expected = await columnDigests(connection, "expected", schema, table);
  const actual = await columnDigests(connection, "actual", schema, table);
  return [...expected].flatMap(([column, digest]) => {
    if (!actual.has(column)) return [`${table}.${column} is missing.`];
    return actual.get(column) === digest ? [] : [`${table}.${column} differs.`];
  });
}

/** For each column a text that is the same when the column holds the same values as often. */
async function columnDigests(
  connection: DuckDBConnection,
  database: string,
  schema: string,
  table: string,
): Promise<ReadonlyMap<string, string>> {
  const found = await rows(
    connection,
    `SELECT column_name, data_type FROM duckdb_columns()
     WHERE database_name = '${database}' AND schema_name = '${schema}' AND table_name = '${table}'`,
  );
  const columns = found.map(([name, type]) => ({ name: String(name), type: String(type) }));
  if (columns.length === 0) return new Map();
  const digests = columns.map(({ name, type }) =>
    generatedColumns.has(name)
      ? `count("${name}")::VARCHAR`
      : `concat(count(*), '/', count("${name}"), '/', sum(hash(${comparable(name, type)})::HUGEINT))`,
  );
  const [digest = []] = await rows(connection, `SELECT ${digests.join(", ")} FROM ${database}."${schema}"."${table}"`);
  return new Map(columns.map(({ name }, index) => [name, String(digest[index])]));
}

/** Timestamps with and without a time zone compare by the instant. */
function comparable(column: string, type: string): string {
  return type.startsWith("TIMESTAMP") ? `epoch_us("${column}")` : `"${column}"::VARCHAR`;
}

async function idProblems(
  connection: DuckDBConnection,
  schema: string,
  table: string,
  parent: string | null,
): Promise<readonly string[]> {
  const name = (of: string) => `actual."${schema}"."${of}"`;
  const [ids] = await rows(connection, `SELECT count(*) = count(DISTINCT _dlt_id) FROM ${name(table)}`);
  const problems = ids?.[0] === true ? [] : [`${table}._dlt_id is not unique.`];
  if (parent === null) return problems;
  const [orphans] = await rows(
    connection,
    `SELECT count(*) FROM ${name(table)} AS child
     WHERE NOT EXISTS (FROM ${name(parent)} AS parent WHERE parent._dlt_id = child._dlt_parent_id)`,
  );
  return orphans?.[0] === 0n ? problems : [...problems, `${table} has ${orphans?.[0]} rows without a parent.`];
}

async function rows(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}
