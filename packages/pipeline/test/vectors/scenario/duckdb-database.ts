import { CalendarDate, type DataValue, Decimal, Float, TimeOfDay, Timestamp } from "@dlt/core";
import { duckdb } from "@dlt/destination-duckdb";
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import type { ScenarioDatabase, TableContent } from "./scenario-database.js";

/** A database in memory: a file takes three times as long. */
export async function duckdbDatabase(): Promise<ScenarioDatabase> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  onTestFinished(() => instance.closeSync());
  return {
    destination: duckdb({ credentials: instance }),
    columnType: ({ duckdbType }) => duckdbType,
    async read(dataset) {
      const connection = await instance.connect();
      try {
        return await readTables(connection, dataset);
      } finally {
        connection.closeSync();
      }
    },
  };
}

async function readTables(connection: DuckDBConnection, dataset: string): Promise<ReadonlyMap<string, TableContent>> {
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  const described = await rowsOf(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = '${dataset}' ORDER BY table_name, ordinal_position`,
  );
  const tables = new Map<string, TableContent>();
  for (const table of new Set(described.map(([name]) => String(name)))) {
    const columns = described
      .filter(([name]) => name === table)
      .map(([, name, type, nullable]) => ({ name: String(name), type: String(type), nullable: nullable === "YES" }));
    const rows = await rowsOf(`FROM "${dataset}"."${table.replaceAll('"', '""')}"`);
    const isDouble = (index: number): boolean => columns[index]?.type === "DOUBLE";
    tables.set(table, {
      columns,
      rows: rows.map((row) => row.map((value, index) => dataValue(value, isDouble(index)))),
    });
  }
  return tables;
}

function dataValue(value: DuckDBValue, isDouble: boolean): DataValue {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return isDouble ? new Float(value) : value;
  if (typeof value === "bigint") return value;
  if (value instanceof DuckDBDecimalValue) return new Decimal(String(value));
  if (value instanceof DuckDBTimestampTZValue) return Timestamp.fromMicros(value.micros);
  if (value instanceof DuckDBTimestampValue) return Timestamp.fromMicros(value.micros, null);
  if (value instanceof DuckDBDateValue) return new CalendarDate(value.days);
  if (value instanceof DuckDBTimeValue) return new TimeOfDay(Number(value.micros));
  if (value instanceof DuckDBBlobValue) return value.bytes;
  throw new Error(`The test does not read values such as ${String(value)}.`);
}
