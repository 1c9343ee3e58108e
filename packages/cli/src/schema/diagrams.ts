import type { SchemaView, TableView } from "@dlt/pipeline";
import { type Relation, relationsOf } from "./relations.js";

/** Pictures of a schema as text that other tools draw. */
export const diagrams: Readonly<Record<"mermaid" | "dbml" | "dot", (schema: SchemaView) => string>> = {
  mermaid: mermaidText,
  dbml: dbmlText,
  dot: dotText,
};

/** https://mermaid.js.org/syntax/entityRelationshipDiagram.html */
function mermaidText(schema: SchemaView): string {
  const name = (text: string): string => `"${text.replaceAll('"', "'")}"`;
  return [
    "erDiagram",
    ...tablesOf(schema).flatMap((table) => [
      `    ${name(table.name)} {`,
      ...columnsOf(table).map(
        ({ name: column, type, isKey }) => `        ${type} ${column.replace(/[^\w-]/g, "_")}${isKey ? " PK" : ""}`,
      ),
      "    }",
    ]),
    ...relationsOf(schema).map(
      ({ from, to, label }) => `    ${name(to.table)} ||--o{ ${name(from.table)} : ${name(label)}`,
    ),
    "",
  ].join("\n");
}

/** https://dbml.dbdiagram.io/docs */
function dbmlText(schema: SchemaView): string {
  const name = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;
  const place = ({ table, column }: Relation["from"]): string => `${name(table)}.${name(column)}`;
  return [
    ...tablesOf(schema).flatMap((table) => [
      `Table ${name(table.name)} {`,
      ...columnsOf(table).map(({ name: column, type, isKey, isNullable }) => {
        const settings = [...(isKey ? ["pk"] : []), ...(isNullable ? [] : ["not null"])];
        return `  ${name(column)} ${type}${settings.length === 0 ? "" : ` [${settings.join(", ")}]`}`;
      }),
      "}",
      "",
    ]),
    ...relationsOf(schema).map(({ from, to }) => `Ref: ${place(from)} > ${place(to)}`),
    "",
  ].join("\n");
}

/** https://graphviz.org/doc/info/lang.html */
function dotText(schema: SchemaView): string {
  const name = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const inRecord = (text: string): string => text.replace(/[\\{}|<> "]/g, "\\$&");
  return [
    `digraph ${name(schema.name)} {`,
    "  rankdir=LR;",
    "  node [shape=record];",
    ...tablesOf(schema).map((table) => {
      const columns = columnsOf(table).map(({ name: column, type }) => `${inRecord(`${column}: ${type}`)}\\l`);
      return `  ${name(table.name)} [label="{${inRecord(table.name)}|${columns.join("")}}"];`;
    }),
    ...relationsOf(schema).map(
      ({ from, to }) => `  ${name(from.table)} -> ${name(to.table)} [label=${name(`${from.column} → ${to.column}`)}];`,
    ),
    "}",
    "",
  ].join("\n");
}

function tablesOf(schema: SchemaView): readonly TableView[] {
  return Object.values(schema.tables);
}

function columnsOf(table: TableView) {
  return Object.values(table.columns).map(({ name, dataType, nullable, primaryKey }) => ({
    name,
    type: dataType ?? "unknown",
    isKey: primaryKey === true,
    isNullable: nullable !== false,
  }));
}
