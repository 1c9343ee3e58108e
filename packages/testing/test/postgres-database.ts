import { newDatabase, superuser, testServer } from "@dlt/test-servers";
import pg from "pg";

/** A fresh, empty database of the server that this process shares, and its connection string. */
export async function freshPostgres(): Promise<string> {
  const { port } = await testServer();
  const url = new URL(`postgresql://127.0.0.1:${port}/${await newDatabase()}?sslmode=disable`);
  url.username = superuser.username;
  url.password = superuser.password;
  return url.href;
}

/** Rows with every value as text, except for flags. */
export async function postgresRows(
  connectionString: string,
  dataset: string,
  table: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const name = [dataset, table].map((part) => pg.escapeIdentifier(part)).join(".");
    await client.query("SET TIME ZONE 'UTC'; SET datestyle = 'ISO'");
    const types = { getTypeParser: (type: number) => (type === flag ? isTrue : asText) };
    return (await client.query({ text: `SELECT * FROM ${name}`, types })).rows as Readonly<Record<string, unknown>>[];
  } finally {
    await client.end();
  }
}

const flag = 16;
const isTrue = (text: string): boolean => text === "t";
const asText = (text: string): string => text;
