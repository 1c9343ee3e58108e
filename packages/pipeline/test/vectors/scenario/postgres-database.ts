import { CalendarDate, type DataValue, Decimal, Float, TimeOfDay, Timestamp } from "@dlt/core";
import { postgres } from "@dlt/destination-postgres";
import { newDatabase, superuser, testServer } from "@dlt/test-servers";
import pg from "pg";
import type { ExpectedColumn, ScenarioDatabase, TableContent } from "./scenario-database.js";

/** A new database of the server that all tests share. */
export async function postgresDatabase(): Promise<ScenarioDatabase> {
  const { port } = await testServer();
  const target = { host: "127.0.0.1", port, database: await newDatabase(), password: superuser.password };
  return {
    destination: postgres({ credentials: { ...target, username: superuser.username } }),
    columnType,
    async read(dataset) {
      const client = new pg.Client({ ...target, user: superuser.username });
      await client.connect();
      try {
        return await readTables(client, dataset);
      } finally {
        await client.end();
      }
    },
  };
}

const columnTypes: Readonly<Record<string, string>> = {
  BIGINT: "bigint",
  BLOB: "bytea",
  BOOLEAN: "boolean",
  DATE: "date",
  DOUBLE: "double precision",
  INTEGER: "integer",
  JSON: "jsonb",
  SMALLINT: "smallint",
  TIME: "time{precision} without time zone",
  TIMESTAMP: "timestamp{precision} without time zone",
  "TIMESTAMP WITH TIME ZONE": "timestamp{precision} with time zone",
  // The smallest that there is.
  TINYINT: "smallint",
  VARCHAR: "character varying{precision}",
  // DuckDB has no larger one for `wei`.
  "DECIMAL(38,0)": "numeric(156,78)",
};

function columnType({ duckdbType, precision }: ExpectedColumn): string {
  const type = columnTypes[duckdbType] ?? duckdbType.replace("DECIMAL", "numeric");
  return type.replace("{precision}", precision === undefined ? "" : `(${precision})`);
}

/** What a value is read as, so that nothing of it is lost on the way, and what it is then. */
interface Reading {
  expression(column: string): string;
  value(text: string): DataValue;
}

const asText = (column: string): string => `${column}::text`;
const asMicros = (column: string): string => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;

const readings: Readonly<Record<string, Reading>> = {
  bigint: { expression: asText, value: BigInt },
  smallint: { expression: asText, value: BigInt },
  integer: { expression: asText, value: BigInt },
  boolean: { expression: asText, value: (text) => text === "true" },
  bytea: { expression: (column) => `encode(${column}, 'hex')`, value: (text) => Buffer.from(text, "hex") },
  "character varying": { expression: asText, value: (text) => text },
  date: {
    expression: (column) => `(${column} - date '1970-01-01')::text`,
    value: (text) => new CalendarDate(Number(text)),
  },
  "double precision": { expression: asText, value: (text) => new Float(Number(text)) },
  jsonb: { expression: asText, value: (text) => text },
  numeric: { expression: asText, value: (text) => new Decimal(text) },
  "time without time zone": { expression: asMicros, value: (text) => new TimeOfDay(Number(text)) },
  "timestamp with time zone": { expression: asMicros, value: (text) => Timestamp.fromMicros(BigInt(text)) },
  "timestamp without time zone": { expression: asMicros, value: (text) => Timestamp.fromMicros(BigInt(text), null) },
};

/** `numeric(38,9)` → the reading of `numeric`. */
function readingOf(type: string): Reading {
  const reading = readings[type.replace(/\(.*?\)/, "")];
  if (reading === undefined) throw new Error(`The test does not read columns of the type ${type}.`);
  return reading;
}

async function readTables(client: pg.Client, dataset: string): Promise<ReadonlyMap<string, TableContent>> {
  const described = await rowsOf(
    client,
    `SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull::text FROM pg_attribute
     JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = '${dataset}' AND relkind = 'r' AND attnum > 0 AND NOT attisdropped ORDER BY relname, attnum`,
  );
  const tables = new Map<string, TableContent>();
  for (const table of new Set(described.map(([name]) => String(name)))) {
    const columns = described
      .filter(([name]) => name === table)
      .map(([, name, type, isNotNull]) => ({
        name: String(name),
        type: String(type),
        nullable: isNotNull === "false",
      }));
    const selected = columns.map(({ name, type }) => readingOf(type).expression(pg.escapeIdentifier(name)));
    const rows = await rowsOf(client, `SELECT ${selected.join(", ")} FROM "${dataset}".${pg.escapeIdentifier(table)}`);
    tables.set(table, {
      columns,
      rows: rows.map((row) =>
        row.map((text, index) => (text === null ? null : readingOf(columns[index]?.type ?? "").value(text))),
      ),
    });
  }
  return tables;
}

async function rowsOf(client: pg.Client, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  return (await client.query<(string | null)[]>({ text: sql, rowMode: "array" })).rows;
}
