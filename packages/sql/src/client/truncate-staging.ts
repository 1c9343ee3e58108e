import { selectColumns, storedTables } from "../information-schema.js";
import { truncateStored } from "../prepare-plan.js";
import type { SqlBackend } from "./sql-backend.js";

/** Empties those of the tables that are in the staging dataset. */
export function truncateStaging(
  { datasets: { staging }, transact }: SqlBackend,
  tables: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  return transact(
    { to: "empty the staging dataset" },
    async (session) => {
      const { dialect, name } = staging;
      const stored = storedTables(dialect, tables, await session.rows(selectColumns(dialect, name, tables)));
      for (const statement of truncateStored(staging, tables, stored)) await session.run(statement);
    },
    signal,
  );
}
