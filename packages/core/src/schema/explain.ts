import type { ColumnDecision, RecordedOrigin } from "../contract/column-origin.js";
import type { ColumnSchema, DataType, Rule, Schema, TableSchema } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { nearestName } from "../naming/nearest-name.js";
import { isComplete, isDltColumn, isDltTable } from "./predicates.js";
import { compileRule } from "./rules.js";
import { sizedType } from "./sized-type.js";

/** Why a column is as it is. As text it is a sentence or two. */
export interface ColumnExplanation {
  readonly table: string;
  readonly column: string;
  /** `null` while no data decided it. */
  readonly dataType: DataType | null;
  /** What decided the type; `null` for columns of the library, and where nothing is recorded on this machine. */
  readonly decidedBy: RecordedOrigin | null;
  /** The value that the column last became wider for; `null` when the schema has it in another size, or it never did. */
  readonly widenedBy: RecordedOrigin | null;
  /** Default hints whose rules match the name of the column. */
  readonly rules: readonly { readonly hint: string; readonly rule: Rule }[];
  toString(): string;
}

/**
 * Says which rule or row decided the type of a column. Names may be those of the data. `origins` are what loads recorded, oldest
 * first.
 *
 * @throws SchemaError `SCHEMA_TABLE_NOT_FOUND`, `SCHEMA_COLUMN_NOT_FOUND`, with the nearest name
 */
export function explainColumn(
  schema: Schema,
  names: { readonly table: string; readonly column: string },
  origins: readonly RecordedOrigin[] = [],
): ColumnExplanation {
  const table = tableNamed(schema, names.table);
  const column = columnNamed(schema, table, names.column);
  const own = origins.filter((origin) => origin.table === table.name && origin.column === column.name);
  const decidedBy =
    own.findLast(({ decision, dataType }) => decision.kind !== "wider" && dataType === column.dataType) ?? null;
  // Growth may have been given up with its package, or a declaration may have replaced it.
  const size = sizedType(column);
  const widenedBy = own.findLast(({ decision }) => decision.kind === "wider" && decision.after === size) ?? null;
  const rules = matchingRules(schema, column.name);
  const facts = {
    table: table.name,
    column: column.name,
    dataType: column.dataType ?? null,
    decidedBy,
    widenedBy,
    rules,
  };
  const text = [
    typeSentence(schema, table, column, decidedBy),
    ...(widenedBy === null ? [] : [widerSentence(widenedBy)]),
    ...(rules.length === 0 ? [] : [ruleSentence(rules)]),
  ].join(" ");
  return Object.defineProperty(facts, "toString", { value: () => text, enumerable: false }) as ColumnExplanation;
}

function typeSentence(
  schema: Schema,
  table: TableSchema,
  column: ColumnSchema,
  decidedBy: RecordedOrigin | null,
): string {
  const name = `\`${table.name}.${column.name}\``;
  if (!isComplete(column)) return `${name} has no type yet: it was declared without one, and no value came.`;
  const is = `${name} is ${column.dataType}`;
  if (isDltTable(schema, table.name) || isDltColumn(schema, column.name))
    return `${is}: it is a column of the library.`;
  if (decidedBy === null)
    return `${is}. What decided it is not recorded here: the schema came from the destination, a file, or an earlier version.`;
  const { row, resource, loadId } = decidedBy;
  const at = row === null ? `load ${loadId}` : `row ${row} of resource \`${resource}\` in load ${loadId}`;
  return `${is}: ${decisionText(decidedBy.decision, column.dataType)} (${at}).`;
}

function decisionText(decision: ColumnDecision, dataType: DataType): string {
  switch (decision.kind) {
    case "value":
      return `the first value is ${decision.valueType}`;
    case "detection":
      return `the detection \`${decision.detection}\` recognises the first value, a ${decision.valueType}`;
    case "preferred-type":
      return `the name matches the rule \`${decision.rule}\` of the preferred types; the first value is ${decision.valueType}`;
    case "fraction":
      return "the first numbers are integral, and one with a fraction follows in the same load";
    case "variant": {
      const { of, ofType, valueType, detection } = decision;
      const detected =
        detection === undefined ? "" : `, and the detection \`${detection}\` recognises it as ${dataType}`;
      return `a ${valueType} came that does not convert to ${ofType}, the type of \`${of}\`${detected}`;
    }
    case "nesting":
      return "the first value is an object or list below the depth that is unpacked (`max_table_nesting`)";
    case "columns":
      return "the first batch of columns has it in this type";
    case "declared":
      return "the resource declares it";
    case "wider":
      return `it became ${decision.after}`;
  }
}

function widerSentence({ decision, row, resource, loadId }: RecordedOrigin): string {
  const change = decision.kind === "wider" ? `${decision.before} became ${decision.after}` : "";
  return `${change} for the value of row ${row} of resource \`${resource}\` in load ${loadId}.`;
}

function ruleSentence(rules: ColumnExplanation["rules"]): string {
  return `Default hints by name: ${rules.map(({ hint, rule }) => `\`${hint}\` (rule \`${rule}\`)`).join(", ")}.`;
}

function matchingRules({ settings }: Schema, column: string): ColumnExplanation["rules"] {
  return Object.entries(settings.defaultHints ?? {}).flatMap(([hint, rules]) =>
    rules.filter((rule) => compileRule(rule)(column)).map((rule) => ({ hint, rule })),
  );
}

function tableNamed(schema: Schema, name: string): TableSchema {
  const table = schema.tables.get(name) ?? schema.tables.get(schema.naming.normalizeTablesPath(name || "_"));
  if (table !== undefined) return table;
  throw new SchemaError("SCHEMA_TABLE_NOT_FOUND", `Schema \`${schema.name}\` has no table \`${name}\`.`, {
    hint: nearHint(name, [...schema.tables.keys()]),
    context: { schema: schema.name, table: name },
  });
}

function columnNamed(schema: Schema, table: TableSchema, name: string): ColumnSchema {
  const column = table.columns.get(name) ?? table.columns.get(schema.naming.normalizePath(name || "_"));
  if (column !== undefined) return column;
  throw new SchemaError(
    "SCHEMA_COLUMN_NOT_FOUND",
    `Table \`${table.name}\` of schema \`${schema.name}\` has no column \`${name}\`.`,
    {
      hint: nearHint(name, [...table.columns.keys()]),
      context: { schema: schema.name, table: table.name, column: name },
    },
  );
}

function nearHint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === null ? `Use one of: ${known.slice(0, 20).join(", ")}.` : `Did you mean \`${nearest}\`?`;
}
