import type { SchemaView, TableView } from "@dlt/pipeline";

interface ColumnPlace {
  readonly table: string;
  readonly column: string;
}

/** A column whose values are those of a column of another table. */
export interface Relation {
  readonly from: ColumnPlace;
  readonly to: ColumnPlace;
  readonly label: string;
}

/** How tables belong together: nested rows to their parents, and what tables say of themselves. */
export function relationsOf({ tables }: SchemaView): readonly Relation[] {
  return Object.values(tables).flatMap((table) => [...parentOf(table, tables), ...referencesOf(table)]);
}

function parentOf(table: TableView, tables: SchemaView["tables"]): readonly Relation[] {
  const parent = typeof table.parent === "string" ? tables[table.parent] : undefined;
  const from = columnWith(table, "parentKey");
  const to = parent === undefined ? undefined : columnWith(parent, "rowKey");
  if (parent === undefined || from === undefined || to === undefined) return [];
  return [{ from: { table: table.name, column: from }, to: { table: parent.name, column: to }, label: "contains" }];
}

function referencesOf({ name, references }: TableView): readonly Relation[] {
  return (references ?? []).flatMap(({ columns, referencedTable, referencedColumns, label }) =>
    columns.map((column, index) => ({
      from: { table: name, column },
      to: { table: referencedTable, column: referencedColumns[index] ?? "" },
      label: label ?? "references",
    })),
  );
}

function columnWith({ columns }: TableView, hint: "parentKey" | "rowKey"): string | undefined {
  return Object.values(columns).find((column) => column[hint] === true)?.name;
}
