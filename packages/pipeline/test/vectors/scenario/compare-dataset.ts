import type { DataValue } from "@dlt/core";
import { decodeJson } from "@dlt/core/engine";
import { loadIdMicros } from "../../../src/workspace/load-id.js";
import type { ExpectedDataset } from "./expected-dataset.js";
import { isPlaceholder, type Placeholders } from "./placeholders.js";
import { idsOf, inOrder, type KeyedRow } from "./row-order.js";
import { comparableValue, withPlaceholders } from "./rows.js";
import type { ScenarioDatabase, TableContent } from "./scenario-database.js";
import { isSystemTable } from "./schema-tables.js";

/** Two datasets in a form in which they are equal when they agree in what counts. */
export interface ComparedDatasets {
  readonly found: unknown;
  readonly wanted: unknown;
}

interface ComparedOptions extends Pick<ScenarioDatabase, "columnType"> {
  /** Those of all runs of a case. */
  readonly placeholders: Placeholders;
}

type Tables = ReadonlyMap<string, TableContent>;

/** Compares what a database holds after a run with what a vector expects: section 3 of the vectors' README. */
export function compareDatasets(
  found: Tables,
  expected: ExpectedDataset,
  { columnType, placeholders }: ComparedOptions,
): ComparedDatasets {
  const loads = loadPlaceholders(found);
  const data = new Map([...found].filter(([name]) => !isSystemTable(name)));
  const isDocument = (table: string, column: string): boolean =>
    expected.tables.get(table)?.columns.some(({ name, type }) => name === column && type === "JSON") ?? false;
  const wantedRows = rowsByTable(expected.tables, isDocument, (value) => value);
  const foundRows = rowsByTable(data, isDocument, (value) => loads.get(value) ?? value);
  const fixedIds = new Set([...idsOf(wantedRows)].filter((id) => !isPlaceholder(id)));
  const isFixedId = (id: unknown): boolean => fixedIds.has(id);
  const wantedInOrder = inOrder(wantedRows, isFixedId);
  const foundInOrder = Object.entries(inOrder(foundRows, isFixedId)).map(([name, rows]) => [
    name,
    withPlaceholders(rows, wantedInOrder[name] ?? [], placeholders),
  ]);
  return {
    found: {
      columns: columnsByTable(data, (_, { type }) => type),
      rows: Object.fromEntries(foundInOrder),
      system: foundSystem(found, expected, loads),
    },
    wanted: {
      columns: columnsByTable(expected.tables, (table, { name, type }) =>
        columnType({ duckdbType: type, precision: expected.precisions.get(table)?.get(name) }),
      ),
      rows: wantedInOrder,
      system: Object.fromEntries([...expected.system].map(([name, { rows }]) => [name, sortedRows(rows)])),
    },
  };
}

/** Load ids, and their times, by how values are compared. Loads are numbered in their order. */
function loadPlaceholders(found: Tables): ReadonlyMap<unknown, string> {
  const { columns = [], rows = [] } = found.get("_dlt_loads") ?? {};
  const column = columns.findIndex(({ name }) => name === "load_id");
  const loadIds = rows.map((row) => String(row[column])).sort();
  return new Map(
    loadIds.flatMap((loadId, index) => [
      [loadId, `load:${index + 1}`],
      [`instant ${loadIdMicros(loadId)}`, `load_time:${index + 1}`],
    ]),
  );
}

function rowsByTable(
  tables: Tables,
  isDocument: (table: string, column: string) => boolean,
  replaced: (value: unknown) => unknown,
): Readonly<Record<string, readonly KeyedRow[]>> {
  const comparable = (table: string, column: string, value: DataValue): unknown =>
    isDocument(table, column) && typeof value === "string"
      ? comparableValue(decodeJson(value), "json")
      : replaced(comparableValue(value, undefined));
  return Object.fromEntries(
    [...tables].map(([table, { columns, rows }]) => [
      table,
      rows.map((row) =>
        Object.fromEntries(columns.map(({ name }, index) => [name, comparable(table, name, row[index] ?? null)])),
      ),
    ]),
  );
}

function columnsByTable(
  tables: Tables,
  typeOf: (table: string, column: TableContent["columns"][number]) => string,
): unknown {
  return Object.fromEntries(
    [...tables].map(([table, { columns }]) => [
      table,
      columns.map((column) => [column.name, typeOf(table, column), column.nullable ? "YES" : "NO"]),
    ]),
  );
}

/** What counts of the tables of the library, rows sorted. Marks of jobs are our own. */
function foundSystem(found: Tables, { system }: ExpectedDataset, loads: ReadonlyMap<unknown, string>): unknown {
  const tables = [...found].filter(([name]) => isSystemTable(name) && name !== "_dlt_jobs");
  return Object.fromEntries(
    tables.map(([name, { columns, rows }]) => {
      const places = (system.get(name)?.columns ?? []).map((column) =>
        columns.findIndex((each) => each.name === column),
      );
      const counted = rows.map((row) => places.map((place) => row[place] ?? null));
      return [name, sortedRows(counted.map((row) => row.map((value) => loads.get(value) ?? value)))];
    }),
  );
}

function sortedRows(rows: readonly (readonly DataValue[])[]): readonly (readonly unknown[])[] {
  return rows
    .map((row) => row.map((value) => comparableValue(value, undefined)))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
