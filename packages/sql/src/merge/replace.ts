import { truncateTable } from "../ddl.js";
import { quoteDataset } from "../quote.js";
import { listed, type StagedChain } from "./staged-chain.js";

/** Gives the tables of the chain the staged rows and no others, by the strategy of the root table. */
export function replaceFromStaging(chain: StagedChain): readonly string[] {
  const { dialect, dataset, root, nested } = chain;
  const replaceWithStaged = root.schema.replaceStrategy === "staging-optimized" ? dialect.replaceWithStaged : undefined;
  if (replaceWithStaged === undefined) return insertFromStaging(chain);
  return [root, ...nested].flatMap(({ final, staged }) =>
    replaceWithStaged({ final, staged, dataset: quoteDataset(dialect, dataset) }),
  );
}

/** Empties each table of the chain and fills it with the staged rows. */
function insertFromStaging({ dialect, dataset, root, nested }: StagedChain): readonly string[] {
  return [root, ...nested].flatMap(({ schema, final, staged, columns }) => [
    truncateTable(dialect, dataset, schema.name).text,
    `INSERT INTO ${final} (${listed(columns)}) SELECT ${listed(columns)} FROM ${staged}`,
  ]);
}
