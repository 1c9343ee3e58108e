import { DestinationError, type TableChain } from "@dlt/core";
import { selectMarks } from "../marks.js";
import { quoteTable } from "../quote.js";
import type { SqlDatasets, SqlSession } from "./sql-backend.js";

/**
 * Checks that what is staged of a chain is what the jobs of its load have put there, and keeps others from writing to it until the
 * transaction ends. Another load may have emptied or filled the same tables meanwhile, or a person.
 * @throws DestinationError `DESTINATION_STAGING_CHANGED`
 */
export async function checkStagedRows(
  session: SqlSession,
  { final, staging: { dialect, name } }: SqlDatasets,
  chain: TableChain,
): Promise<void> {
  const tables = chain.tables.map((table) => ({ name: table.name, quoted: quoteTable(dialect, name, table.name) }));
  const quoted = tables.map((table) => table.quoted);
  if (dialect.lockTables !== undefined) await session.run(dialect.lockTables(quoted));
  const loaded = await loadedRows(session, { final, chain });
  const counts = await session.rows({
    text: quoted.map((table, index) => `SELECT ${index}, count(*) FROM ${table}`).join(" UNION ALL "),
    values: [],
  });
  for (const [index, count] of counts) {
    const table = tables[Number(index)]?.name ?? "";
    const expected = loaded.get(table) ?? 0;
    if (Number(count) !== expected) throw stagingChanged(chain, { table, expected, count });
  }
}

/** By table: rows that the marks of the load tell of; not a number where another load has emptied the table since. */
async function loadedRows(
  session: SqlSession,
  { final, chain: { loadId, followUpId } }: { readonly final: SqlDatasets["final"]; readonly chain: TableChain },
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const [jobId, tableName, rowCount] of await session.rows(selectMarks(final, loadId))) {
    if (jobId === followUpId || tableName === null) continue;
    const table = String(tableName);
    rows.set(table, (rows.get(table) ?? 0) + Number(rowCount ?? Number.NaN));
  }
  return rows;
}

function stagingChanged(
  { loadId }: TableChain,
  { table, expected, count }: { readonly table: string; readonly expected: number; readonly count: unknown },
): DestinationError {
  const difference = Number.isNaN(expected)
    ? "another load has emptied it since"
    : `${expected} rows were loaded into it, and ${count} are there`;
  return new DestinationError(
    "DESTINATION_STAGING_CHANGED",
    `Table \`${table}\` of the staging dataset was changed by something else than load \`${loadId}\`: ${difference}. Nothing was changed in its final table.`,
    {
      hint: "Let pipelines that load the same tables run one after another, or give them staging datasets of their own (`staging_dataset_name_layout`), and drop this package with `dropPending()`, so that its rows are fetched again.",
      context: { load: loadId, table },
    },
  );
}
