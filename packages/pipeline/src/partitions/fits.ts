import type { ColumnKey, ColumnSchema, Schema, TableSchema } from "@dlt/core";
import { isComplete, isDltColumn, sameValue } from "@dlt/core/engine";
import type { Attempt } from "./attempt.js";

/** What the partitions before one have made of the schema of the plan. */
export interface SchemaSoFar {
  /** That of the plan, which every partition was normalized against. */
  readonly start: Schema;
  readonly now: Schema;
  /** Columns that became bigint because of integral JavaScript numbers. */
  readonly integers: readonly ColumnKey[];
  /** Columns that are double, although their first values were integral. */
  readonly doubles: readonly ColumnKey[];
}

/**
 * True when the rows of a partition are what they would have been, had they been normalized after those before them: where tables
 * that it touches have changed, it has changed them to the same, or the change does not concern its rows.
 */
export function fits(attempt: Attempt, soFar: SchemaSoFar): boolean {
  const { document, schema, tables } = attempt;
  const { start, now, integers, doubles } = soFar;
  const own = new Set(document.integers.map(keyText));
  if (doubles.some((key) => own.has(keyText(key)))) return false;
  // A fraction would have made these double, which the partition did not look out for.
  const unwatched = integers.some(
    ([table, column]) =>
      !own.has(keyText([table, column])) && isComplete(schema.tables.get(table)?.columns.get(column)),
  );
  if (unwatched) return false;
  for (const name of tables) {
    const [before, current, mine] = [start, now, schema].map((each) => each.tables.get(name));
    if (current === undefined || mine === undefined || current === before) continue;
    if (!sameProperties(current, mine) || !columnsFit(schema, { before, current, mine })) return false;
  }
  return true;
}

interface Versions<Value> {
  /** In the schema of the plan. */
  readonly before: Value | undefined;
  /** With what the partitions before have made of it. */
  readonly current: Value | undefined;
  /** What the partition has made of it. */
  readonly mine: Value | undefined;
}

function columnsFit(schema: Schema, { before, current, mine }: Versions<TableSchema>): boolean {
  const names = new Set([...(current?.columns.keys() ?? []), ...(mine?.columns.keys() ?? [])]);
  for (const name of names) {
    const column = {
      before: before?.columns.get(name),
      current: current?.columns.get(name),
      mine: mine?.columns.get(name),
    };
    if (!columnFits(column, isDltColumn(schema, name))) return false;
  }
  return true;
}

function columnFits({ before, current, mine }: Versions<ColumnSchema>, isLink: boolean): boolean {
  if (current === undefined || mine === undefined) {
    // Rows that came as columns may lack ids, which those that came as objects have.
    if (isLink) return false;
    // Without a value in any of its rows a column does not matter, unless it must have one, or takes nested values in.
    return current === undefined || (current.nullable !== false && current.dataType !== "json");
  }
  if (sameValue(current, mine)) return true;
  if (before !== undefined && sameValue(current, before)) return true;
  // All its rows have null there.
  if (!isComplete(mine)) return isComplete(current) && current.nullable !== false;
  return !isComplete(current);
}

function sameProperties(a: TableSchema, b: TableSchema): boolean {
  return sameValue({ ...a, columns: null }, { ...b, columns: null });
}

/**
 * True when the partitions declare each table that several of them touch alike. Otherwise it matters which hints came first, since
 * hints hold for all rows of a load.
 */
export function areDeclaredAlike(attempts: readonly Attempt[]): boolean {
  const declared = new Map<string, string>();
  for (const { document, tables } of attempts) {
    const own = new Map<string, string>([...tables].map((table) => [table, ""]));
    for (const { update } of document.chunks)
      for (const table of update) {
        const name = String(table["name"]);
        own.set(name, `${own.get(name) ?? ""}${JSON.stringify(table)}\n`);
      }
    for (const [name, text] of own) {
      if ((declared.get(name) ?? text) !== text) return false;
      declared.set(name, text);
    }
  }
  return true;
}

/**
 * Columns that some partitions made bigint for integral JavaScript numbers and others double, so that a load of all rows makes them
 * double. Found beforehand where rows leave no doubt; the others show when rows are normalized again.
 */
export function likelyDoubles(attempts: readonly Attempt[], start: Schema): readonly ColumnKey[] {
  if (attempts.some(({ document }) => document.chunks.some(({ numbers }) => numbers !== "objects"))) return [];
  const integers = new Map(
    attempts.flatMap(({ document }) => document.integers.map((key) => [keyText(key), key] as const)),
  );
  return [...integers].flatMap(([text, key]) => {
    const [table, column] = key;
    if (isComplete(start.tables.get(table)?.columns.get(column))) return [];
    let isDouble = false;
    for (const { document, schema } of attempts) {
      const made = schema.tables.get(table)?.columns.get(column);
      if (!isComplete(made) || document.integers.some((own) => keyText(own) === text)) continue;
      if (made.dataType !== "double") return [];
      isDouble = true;
    }
    return isDouble ? [key] : [];
  });
}

export function keyText([table, column]: ColumnKey): string {
  return `${table}\0${column}`;
}
