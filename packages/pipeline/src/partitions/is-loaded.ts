import type { DestinationClient, Schema } from "@dlt/core";
import { compareLoadIds } from "../workspace/load-id.js";

/**
 * Whether a load is complete at a destination, however many came after it; `null`: the destination cannot tell.
 * @param lastLoadId the greatest that it has; `null`: it has none, or cannot tell
 */
export async function isLoaded(
  { state, sql }: DestinationClient,
  loadId: string,
  { lastLoadId, schema }: { readonly lastLoadId: string | null; readonly schema: Pick<Schema, "naming" | "system"> },
): Promise<boolean | null> {
  if (state === undefined) return null;
  if (lastLoadId === null || compareLoadIds(lastLoadId, loadId) < 0) return false;
  if (lastLoadId === loadId) return true;
  if (sql === undefined) return null;
  const column = schema.naming.normalizeIdentifier("load_id");
  const rows = await sql.executeSql(
    `SELECT 1 FROM ${sql.qualified(schema.system.loadsTable)} WHERE ${column} = %s`,
    loadId,
  );
  return rows.length > 0;
}
