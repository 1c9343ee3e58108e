import { truncateTable } from "../ddl.js";
import { listed, type StagedChain } from "./staged-chain.js";

/** Empties each table of the chain and fills it with the staged rows. */
export function insertFromStaging({ dialect, dataset, root, nested }: StagedChain): readonly string[] {
  return [root, ...nested].flatMap(({ schema, final, staged, columns }) => [
    truncateTable(dialect, dataset, schema.name).text,
    `INSERT INTO ${final} (${listed(columns)}) SELECT ${listed(columns)} FROM ${staged}`,
  ]);
}
