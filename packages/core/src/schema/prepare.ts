import type {
  ColumnSchema,
  DestinationCapabilities,
  MergeStrategy,
  PreparedTable,
  ReplaceStrategy,
  Schema,
  TableSchema,
} from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { isComplete } from "./predicates.js";
import { inherited, requireTable, rootTable } from "./tables.js";

/** What decides how a table is written, beside its hints. */
export interface PrepareOptions {
  readonly capabilities: Pick<
    DestinationCapabilities,
    "mergeStrategies" | "appendsInsteadOfMerging" | "replaceStrategies" | "forwardsRows"
  >;
  /** From the configuration. Default: the first that the destination has. */
  readonly replaceStrategy?: ReplaceStrategy;
}

/** Hints that a nested table takes from the nearest table above it that has them. */
const inheritedHints = ["writeDisposition", "tableFormat", "fileFormat", "schemaContract", "x-merge-strategy"] as const;

/**
 * A table as a destination needs it: with the hints that it inherits, with only its complete columns, and with the
 * strategy by which its rows are written; none where rows are handed on.
 *
 * @throws SchemaError when the destination does not have the strategy
 */
export function prepareTable(schema: Schema, name: string, options: PrepareOptions): PreparedTable {
  const table = requireTable(schema, name);
  const hints: Record<string, unknown> = {};
  for (const hint of inheritedHints) {
    const value = inherited(schema, table, hint);
    if (value !== undefined) hints[hint] = value;
  }
  if (hints["tableFormat"] === "native") delete hints["tableFormat"];
  const { tableFormat: _, ...own } = table;
  const columns = new Map<string, ColumnSchema>();
  for (const column of table.columns.values()) {
    if (isComplete(column))
      columns.set(column.name, isHashOfRow(schema, column) ? { ...column, rowKey: true } : column);
  }
  const asked = inherited(schema, table, "writeDisposition") ?? "append";
  const writeDisposition = asked === "merge" && isAppendedInstead(options) ? "append" : asked;
  const hasStrategy = options.capabilities.forwardsRows !== true;
  return {
    ...own,
    ...hints,
    columns,
    writeDisposition,
    rootTable: rootTable(schema, name).name,
    ...(hasStrategy &&
      writeDisposition === "merge" && { mergeStrategy: mergeStrategy(table, hints["x-merge-strategy"], options) }),
    ...(hasStrategy && writeDisposition === "replace" && { replaceStrategy: replaceStrategy(table, options) }),
  };
}

/** Several tables, in the order of the schema. */
export function prepareTables(
  schema: Schema,
  names: ReadonlySet<string>,
  options: PrepareOptions,
): readonly PreparedTable[] {
  return [...schema.tables.keys()].filter((name) => names.has(name)).map((name) => prepareTable(schema, name, options));
}

/** `scd2` takes the hint from the row id that it tells versions by, also for later strategies. Nested rows still refer to it. */
function isHashOfRow({ system }: Schema, column: ColumnSchema): boolean {
  return column.name === system.id && column["x-row-version"] === true;
}

function isAppendedInstead({ capabilities }: PrepareOptions): boolean {
  return capabilities.appendsInsteadOfMerging === true && capabilities.mergeStrategies.length === 0;
}

function mergeStrategy(table: TableSchema, hint: unknown, { capabilities }: PrepareOptions): MergeStrategy {
  const { mergeStrategies } = capabilities;
  const strategy = hint === undefined ? mergeStrategies[0] : mergeStrategies.find((known) => known === hint);
  if (strategy === undefined)
    throw unsupported(table, "merged", typeof hint === "string" ? hint : null, mergeStrategies);
  return strategy;
}

function replaceStrategy(table: TableSchema, { capabilities, replaceStrategy }: PrepareOptions): ReplaceStrategy {
  const { replaceStrategies } = capabilities;
  const strategy =
    replaceStrategy === undefined ? replaceStrategies[0] : replaceStrategies.find((known) => known === replaceStrategy);
  if (strategy === undefined) throw unsupported(table, "replaced", replaceStrategy ?? null, replaceStrategies);
  return strategy;
}

function unsupported(table: TableSchema, verb: string, strategy: string | null, known: readonly string[]): SchemaError {
  return new SchemaError(
    "SCHEMA_STRATEGY_UNSUPPORTED",
    `Table \`${table.name}\` is to be ${verb}${strategy === null ? "" : ` by \`${strategy}\``}, which the destination cannot do.`,
    {
      hint: known.length === 0 ? "Use the write disposition `append`." : `Use one of: ${known.join(", ")}.`,
      context: { table: table.name, strategy, supported: known.join(", ") },
    },
  );
}
