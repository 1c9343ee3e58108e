import { quoteIdentifier } from "../quote.js";
import { columnsWith, type StagedChain } from "./staged-chain.js";

/** Conditions on rows `s` of a root table that say which of them stand for deleted ones. */
export interface HardDelete {
  readonly deleted: string;
  readonly kept: string;
}

/** `null` for a chain whose rows are never deleted. A flag deletes when it is true, a column of another type when it has a value. */
export function hardDelete({ dialect, root }: StagedChain): HardDelete | null {
  const [flag] = columnsWith(root, "hardDelete");
  if (flag === undefined) return null;
  const column = `s.${quoteIdentifier(dialect, flag.name)}`;
  return flag.dataType === "bool"
    ? { deleted: `${column} = TRUE`, kept: `(${column} IS NULL OR ${column} = FALSE)` }
    : { deleted: `${column} IS NOT NULL`, kept: `${column} IS NULL` };
}
