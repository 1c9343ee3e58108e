import type { ColumnSchema, SchemaView, TableView } from "@dlt/pipeline";
import type { Report } from "../cli.js";
import { isSystemTable } from "../facts/pipeline-facts.js";

/** TypeScript types of the rows of all tables of a schema, system tables left out. */
export function typesReport(schema: SchemaView): Report {
  const tables = Object.values(schema.tables).filter((table) => !isSystemTable(table));
  const names = interfaceNames(tables.map(({ name }) => name));
  const facts = tables.map((table) => ({
    table_name: table.name,
    type_name: names.get(table.name),
    columns: typedColumns(table).map(({ name, type }) => ({ name, type })),
  }));
  return { facts, text: typesText(schema, tables, names) };
}

function typesText(schema: SchemaView, tables: readonly TableView[], names: ReadonlyMap<string, string>): string {
  const classes = [
    ...new Set(tables.flatMap(typedColumns).flatMap(({ type }) => libraryTypes.filter((name) => type.includes(name)))),
  ];
  const interfaces = tables.flatMap((table) => [
    ...comment(table.description, ""),
    `export interface ${names.get(table.name)} {`,
    ...typedColumns(table).flatMap(({ name, type, description }) => [
      ...comment(description, "  "),
      `  ${propertyName(name)}: ${type};`,
    ]),
    "}",
    "",
  ]);
  return [
    `// Rows of the tables of schema ${schema.name}, version ${schema.version}. Written by \`dlt types\`: do not edit.`,
    ...(classes.length === 0 ? [] : [`import type { ${classes.sort().join(", ")} } from "@dlt/core";`]),
    "",
    ...interfaces,
    "/** By the names of the tables. */",
    "export interface Tables {",
    ...tables.map(({ name }) => `  ${propertyName(name)}: ${names.get(name)};`),
    "}",
    "",
  ].join("\n");
}

/** What the library has classes for, because JavaScript has not. */
const libraryTypes = ["CalendarDate", "Decimal", "TimeOfDay", "Timestamp", "Wei"] as const;

const types: Readonly<Record<NonNullable<ColumnSchema["dataType"]>, string>> = {
  text: "string",
  double: "number",
  bool: "boolean",
  timestamp: "Timestamp",
  // Beyond 2^53.
  bigint: "number | bigint",
  binary: "Uint8Array",
  json: "unknown",
  decimal: "Decimal",
  wei: "Wei",
  date: "CalendarDate",
  time: "TimeOfDay",
};

function typedColumns({ columns }: TableView) {
  return Object.values(columns).map(({ name, dataType, nullable, description }) => {
    const type = dataType === undefined || dataType === null ? "unknown" : types[dataType];
    return { name, type: nullable === false || type === "unknown" ? type : `${type} | null`, description };
  });
}

/** `orders__items` → `OrdersItems`; tables whose names differ only in what cannot stay get numbers. */
function interfaceNames(tables: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>(["Tables", ...libraryTypes]);
  for (const table of tables) {
    const words = table.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
    const joined = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join("") || "Table";
    const stem = /^\p{L}/u.test(joined) ? joined : `_${joined}`;
    let name = stem;
    for (let number = 2; taken.has(name); number++) name = `${stem}${number}`;
    taken.add(name);
    names.set(table, name);
  }
  return names;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function comment(description: string | null | undefined, indent: string): readonly string[] {
  return description ? [`${indent}/** ${description.replaceAll("*/", "* /").replaceAll(/\s+/g, " ")} */`] : [];
}
