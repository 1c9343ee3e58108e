import { isDestination } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { postgres } from "../src/index.js";
import { openClient, plan, query, users } from "./support.js";

describe("postgres", () => {
  it("is a destination with its settings and the formats that it brings", () => {
    const destination = postgres({
      credentials: "postgresql://u:p@h/d",
      destinationName: "warehouse",
      capabilities: { maxParallelJobs: 1 },
    });
    expect(isDestination(destination)).toBe(true);
    expect(destination).toMatchObject({ type: "postgres", name: "warehouse" });
    expect(destination.capabilities).toMatchObject({ preferredFileFormat: "pgcopy", maxParallelJobs: 1 });
    expect(Object.keys(destination.config)).toEqual(["credentials", "createIndexes", "csvFormat"]);
    expect(destination.fileFormats?.map(({ name }) => name)).toEqual(["pgcopy", "insert_values"]);
    expect(postgres().name).toBe("postgres");
  });

  it("connects when it is first needed, and tells the server who it is", async () => {
    const unreachable = await openClient({ database: "postgres", credentials: { port: 1 } });
    expect(unreachable.displayLocation).toBe("postgresql://postgres@127.0.0.1:1/postgres");
    expect(unreachable.identity).toBe("127.0.0.1");
    const client = await openClient({
      credentials: { applicationName: "nightly", options: "-c statement_timeout=12345" },
    });
    expect(await query(client, "SHOW application_name")).toEqual([["nightly"]]);
    expect(await query(client, "SHOW statement_timeout")).toEqual([["12345ms"]]);
  });

  it("keeps connections for the next use, and none after its end", async () => {
    const client = await openClient();
    const [[database] = []] = await query(client, "SELECT current_database()");
    for (let load = 1; load <= 5; load++) await client.prepare(plan([users], { loadId: String(load) }));
    const connections = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}'`;
    // The one of the SQL client, and one that prepared all loads.
    expect(await query(client, connections)).toEqual([[2]]);
    await client[Symbol.asyncDispose]();
    const observer = await openClient({ database: "postgres" });
    const left = async () => (await query(observer, connections))[0]?.[0];
    // The server takes its time to see that a connection has ended.
    while ((await left()) !== 0);
  });
});
