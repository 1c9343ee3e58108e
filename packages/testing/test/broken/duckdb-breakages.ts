import type { Destination, DestinationClient, LoadJob, SqlClient } from "@dlt/core";
import { type DuckdbOptions, duckdb } from "@dlt/destination-duckdb";
import { type Breakage, brokenDestination, withHints, withJobs } from "./breakage.js";

/** Something that DuckDB does wrong: what the destination in memory has no part of. */
export interface DuckdbBreakage extends Breakage {
  instead(client: DestinationClient, sql: SqlClient): Partial<DestinationClient>;
}

/** The destination for DuckDB with a mistake in it. */
export function brokenDuckdb(options: DuckdbOptions, breakage: DuckdbBreakage): Destination {
  return brokenDestination(duckdb(options), (client) =>
    client.sql === undefined ? {} : breakage.instead(client, client.sql),
  );
}

export const duckdbBreakages: readonly DuckdbBreakage[] = [
  {
    name: "takes NaN for NULL",
    noticedBy: ["keeps NaN and infinities, in parquet"],
    instead: (client, sql) =>
      withJobs(client, async (job, { table }, signal) => {
        const result = await job.run(signal);
        if (table.columns.get("value")?.dataType === "double")
          await sql.executeSql(`UPDATE ${sql.qualified(table.name)} SET value = NULL WHERE isnan(value)`);
        return result;
      }),
  },
  {
    name: "does not end versions",
    noticedBy: ["scd2 ends the versions that changed or are gone, and begins the new ones, at the boundary"],
    instead: (client, sql) => ({
      followUps: (chain) =>
        (client.followUps?.(chain) ?? []).map((job): LoadJob => {
          const run: LoadJob["run"] = async (signal) => {
            const result = await job.run(signal);
            await sql.executeSql(`UPDATE ${sql.qualified(chain.tables[0]?.name ?? "")} SET _dlt_valid_to = NULL`);
            return result;
          };
          return { id: job.id, run };
        }),
    }),
  },
  {
    name: "updates the rows that are only to be inserted",
    noticedBy: ["insert-only adds rows with new keys, and leaves the others as they are"],
    instead: (client) => ({
      followUps: (chain) =>
        client.followUps?.({
          ...chain,
          tables: chain.tables.map((table) => ({ ...table, mergeStrategy: "upsert" })),
        }) ?? [],
    }),
  },
  {
    name: "inserts rows that are gone",
    noticedBy: [
      "insert-only takes compound keys, and leaves out rows whose flag says that they are gone, also where names have to be quoted",
    ],
    instead: (client) => withHints(client, ({ hardDelete }) => (hardDelete ? { hardDelete: false } : {})),
  },
  {
    name: "ends versions whose key a load lacks",
    noticedBy: ["scd2 with a merge key leaves versions alone whose key a load lacks"],
    instead: (client) => withHints(client, () => ({ mergeKey: false })),
  },
  {
    name: "leaves the end of what holds empty",
    noticedBy: ["scd2 takes names of one's own for the validity, also reserved words, and a time for what holds"],
    instead: (client) => withHints(client, () => ({ "x-active-record-timestamp": null })),
  },
  {
    name: "takes text in statements for parameters",
    noticedBy: ["`%s` stands for a parameter, and for nothing in text"],
    instead: (_, sql) => ({
      sql: { ...sql, executeSql: (text, ...given) => sql.executeSql(text.replaceAll("'%s'", "%s"), ...given, null) },
    }),
  },
];
