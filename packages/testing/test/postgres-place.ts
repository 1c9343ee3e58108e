import { postgres } from "@dlt/destination-postgres";
import { newDatabase, superuser, testServer } from "@dlt/test-servers";
import pg from "pg";
import type { FaultPlace, StoredRow } from "../src/index.js";

/** Empty databases of this process's server: emptying one is faster than making one. */
const unused: pg.Client[] = [];

export async function postgresPlace(): Promise<FaultPlace> {
  const client = unused.pop() ?? (await connectToNew());
  const { host, port, database = "" } = client;
  const credentials = { host, port, database, ...superuser, sslmode: "disable" } as const;
  return {
    destination: () => postgres({ credentials }),
    readTables: (dataset) => readPostgresTables(client, dataset),
    [Symbol.asyncDispose]: async () => {
      for (const [schema] of await rowsOf(client, "SELECT nspname FROM pg_namespace WHERE nspname ~ '^data'"))
        await client.query(`DROP SCHEMA "${String(schema)}" CASCADE`);
      unused.push(client);
    },
  };
}

async function connectToNew(): Promise<pg.Client> {
  const { port } = await testServer();
  const { username: user, password } = superuser;
  const client = new pg.Client({ host: "127.0.0.1", port, database: await newDatabase(), user, password });
  await client.connect();
  return client;
}

export async function readPostgresTables(
  client: pg.Client,
  dataset: string,
): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const tables = new Map<string, readonly StoredRow[]>();
  for (const [name] of await rowsOf(client, `SELECT tablename FROM pg_tables WHERE schemaname = '${dataset}'`)) {
    const rows = await rowsOf(client, `SELECT row_to_json(t) FROM "${dataset}"."${String(name)}" AS t`);
    tables.set(
      String(name),
      rows.map(([row]) => row as StoredRow),
    );
  }
  return tables;
}

async function rowsOf(client: pg.Client, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: "array" })).rows;
}
