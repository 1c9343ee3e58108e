import { InternalError, type TableChain } from "@dlt/core";
import { truncateTable } from "../ddl.js";
import type { Statement } from "../dialect.js";
import { rowKey } from "./chain-keys.js";
import { countRepeated, hasNoRepeated } from "./deduplicate.js";
import { deleteInsert } from "./delete-insert.js";
import { history } from "./history.js";
import { replaceFromStaging } from "./replace.js";
import {
  quotedColumnsWith,
  type StagedChain,
  type StagedDatasets,
  type StagedTable,
  stagedChain,
} from "./staged-chain.js";
import { insertOnly, upsert } from "./upsert.js";

/**
 * What brings the staged rows of a chain into its final tables: to be run in one transaction, in this order. Nothing for a chain that
 * is not staged. `unrepeated`: names of tables whose staged rows are known not to have a key twice.
 * @throws SchemaError `SCHEMA_KEY_MISSING`
 */
export function followUpStatements(
  chain: TableChain,
  datasets: StagedDatasets,
  unrepeated?: ReadonlySet<string>,
): readonly Statement[] {
  const script = scriptOf(stagedChain(chain, datasets, unrepeated)).map((text) => ({ text, values: [] }));
  const { dialect, name } = datasets.staging;
  if (script.length === 0 || dialect.forgetsStagedRows !== true) return script;
  return [...script, ...chain.tables.map((table) => truncateTable(dialect, name, table.name))];
}

/** A question that saves sorting out repeated rows where there are none. */
export interface RepetitionQuery {
  readonly statement: Statement;
  /** Names of the tables without repeated rows, when the statement gave these numbers. */
  unrepeated(counts: readonly unknown[]): ReadonlySet<string>;
}

/** `null` where nothing depends on the answer. */
export function repetitionQuery(chain: TableChain, datasets: StagedDatasets): RepetitionQuery | null {
  const tables = deduplicated(stagedChain(chain, datasets));
  if (tables.length === 0) return null;
  return {
    statement: { text: countRepeated(tables), values: [] },
    unrepeated: (counts) =>
      new Set(tables.filter((_, index) => Number(counts[index]) === 0).map(([{ schema }]) => schema.name)),
  };
}

/** Tables of which repeated staged rows are left out, with the columns that tell those; none that is known to have none. */
function deduplicated(chain: StagedChain): readonly (readonly [table: StagedTable, by: readonly string[]])[] {
  const { dialect, root, nested } = chain;
  const { writeDisposition, mergeStrategy } = root.schema;
  if (writeDisposition !== "merge") return [];
  const primaryKey = mergeStrategy === "scd2" ? [] : quotedColumnsWith(dialect, root, "primaryKey");
  return [
    ...(primaryKey.length === 0 ? [] : [[root, primaryKey] as const]),
    ...nested.map((table) => [table, [rowKey(chain, table)]] as const),
  ].filter(([table]) => !hasNoRepeated(chain, table));
}

function scriptOf(chain: StagedChain): readonly string[] {
  const { writeDisposition, replaceStrategy, mergeStrategy, name } = chain.root.schema;
  if (writeDisposition === "replace") return replaceStrategy === "truncate-and-insert" ? [] : replaceFromStaging(chain);
  if (writeDisposition !== "merge") return [];
  switch (mergeStrategy) {
    case "delete-insert":
      return deleteInsert(chain);
    case "upsert":
      return upsert(chain);
    case "insert-only":
      return insertOnly(chain);
    case "scd2":
      return history(chain);
    default:
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Table \`${name}\` is to be merged without a strategy.`, {
        context: { table: name },
      });
  }
}
