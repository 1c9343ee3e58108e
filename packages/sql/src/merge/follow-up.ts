import { InternalError, type TableChain } from "@dlt/core";
import type { Statement } from "../dialect.js";
import { deleteInsert } from "./delete-insert.js";
import { history } from "./history.js";
import { replaceFromStaging } from "./replace.js";
import { type StagedChain, type StagedDatasets, stagedChain } from "./staged-chain.js";
import { insertOnly, upsert } from "./upsert.js";

/**
 * What brings the staged rows of a chain into its final tables: to be run in one transaction, in this order. Nothing for a chain that
 * is not staged.
 * @throws SchemaError `SCHEMA_KEY_MISSING`
 */
export function followUpStatements(chain: TableChain, datasets: StagedDatasets): readonly Statement[] {
  return scriptOf(stagedChain(chain, datasets)).map((text) => ({ text, values: [] }));
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
