import type { ColumnSchema, PreparedTable, TableChain } from "@dlt/core";
import { table } from "@dlt/test-loads";
import { followUpStatements, type SqlDialect } from "../src/index.js";
import { dataset } from "./dialects.js";

const id: ColumnSchema = { name: "_dlt_id", dataType: "text", nullable: false, unique: true, rowKey: true };
const rootId: ColumnSchema = { name: "_dlt_root_id", dataType: "text", nullable: false, rootKey: true };
const parentId: ColumnSchema = { name: "_dlt_parent_id", dataType: "text", nullable: false, parentKey: true };

const text = (name: string, hints: Partial<ColumnSchema> = {}): ColumnSchema => ({ name, dataType: "text", ...hints });

/** Columns whose names want quotes: a reserved word, one in mixed case, one with a quote in it. */
export const key = text("select", { primaryKey: true });
export const otherKey = text("Mixed Case", { primaryKey: true });
export const mergeKey = text('day "of" month', { mergeKey: true });
export const deleted: ColumnSchema = { name: "Group", dataType: "bool", hardDelete: true };
export const deletedAt: ColumnSchema = { name: "Group", dataType: "timestamp", hardDelete: true };
export const newest: ColumnSchema = { name: "order", dataType: "bigint", dedupSort: "desc" };

export const rootName = 'Order "Lines"';
const tagsName = `${rootName}__tags`;

/** A root table that is loaded through staging. */
export function root(columns: readonly ColumnSchema[], hints: Partial<PreparedTable> = {}): PreparedTable {
  return tableOf(rootName, [...columns, text("value"), id], {
    writeDisposition: "merge",
    mergeStrategy: "delete-insert",
    ...hints,
  });
}

/** A table nested in the root table, and one nested in that. */
export const nested: readonly PreparedTable[] = [
  tableOf(tagsName, [text("value"), rootId, parentId, id], { parent: rootName }),
  tableOf(`${tagsName}__parts`, [text("value"), rootId, parentId, id], { parent: tagsName }),
];

export function tableOf(
  name: string,
  columns: readonly ColumnSchema[],
  hints: Partial<PreparedTable> = {},
): PreparedTable {
  return table(name, columns, { writeDisposition: "merge", rootTable: rootName, ...hints });
}

export function chainOf(tables: readonly PreparedTable[]): TableChain {
  return {
    loadId: "1700000001.5",
    createdAt: 1_700_000_001_500_000n,
    tables,
    loaded: new Set(tables.map(({ name }) => name)),
    followUpId: "order.0123456789.sql",
  };
}

/** What follows once all rows of a chain are staged. */
export function statements(
  dialect: SqlDialect,
  tables: readonly PreparedTable[],
  unrepeated?: ReadonlySet<string>,
): readonly string[] {
  const datasets = { final: dataset(dialect), staging: dataset(dialect, "ds_staging") };
  return followUpStatements(chainOf(tables), datasets, unrepeated).map(({ text }) => text);
}

/** The scripts of several cases, each under its name, as golden files have them. */
export function scripts(dialect: SqlDialect, cases: Readonly<Record<string, readonly PreparedTable[]>>): string {
  return Object.entries(cases)
    .map(([name, tables]) => `-- ${name}\n${statements(dialect, tables).join(";\n")};\n`)
    .join("\n");
}

/** Path of the golden file of a dialect. */
export function golden(name: string, dialect: SqlDialect): string {
  return `../../test/golden/${name}.${dialect.name.toLowerCase()}.sql`;
}
