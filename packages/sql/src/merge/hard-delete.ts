import { quoteIdentifier } from "../quote.js";
import { columnsWith, type StagedChain } from "./staged-chain.js";

/** Conditions on the rows of a root table that say which of them stand for deleted ones. */
export interface HardDelete {
  /** Quoted name of the column. */
  readonly column: string;
  /** `of` is the alias of the table, with its dot. */
  deleted(of?: string): string;
  kept(of?: string): string;
}

/** `null` for a chain whose rows are never deleted. A flag deletes when it is true, a column of another type when it has a value. */
export function hardDelete({ dialect, root }: StagedChain): HardDelete | null {
  const [flag] = columnsWith(root, "hardDelete");
  if (flag === undefined) return null;
  const column = quoteIdentifier(dialect, flag.name);
  const isFlag = flag.dataType === "bool";
  return {
    column,
    deleted: (of = "") => (isFlag ? `${of}${column} = TRUE` : `${of}${column} IS NOT NULL`),
    kept: (of = "") => (isFlag ? `(${of}${column} IS NULL OR ${of}${column} = FALSE)` : `${of}${column} IS NULL`),
  };
}
