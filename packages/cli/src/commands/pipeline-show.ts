import type { Pipeline, PipelineSqlClient } from "@dlt/pipeline";
import { type Command, InvalidArgumentError } from "commander";
import { type Cli, type Report, show } from "../cli.js";
import { CliError } from "../errors.js";
import { isSystemTable } from "../facts/pipeline-facts.js";
import { nearest } from "../nearest.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";
import { countOf, table } from "../text.js";
import { schemaOf } from "./pipeline-schema.js";

interface ShowOptions extends PipelineOptions {
  readonly schema?: string;
  readonly limit: number;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .argument("[table]", "table whose rows are shown (default: all tables with their rows counted)")
    .option("--limit <rows>", "how many rows", rowLimit, 10)
    .option("--schema <name>", "which schema (default: the default schema)")
    .action(async (name: string, tableName: string | undefined, options: ShowOptions) => {
      await using pipeline = await openPipeline(name, options);
      const { name: schemaName, tables } = schemaOf(pipeline, options.schema);
      const known = Object.values(tables)
        .filter((each) => !isSystemTable(each))
        .map((each) => each.name);
      if (tableName !== undefined && !Object.hasOwn(tables, tableName)) throw unknownTable(pipeline, tableName, known);
      await using sql = await pipeline.sqlClient(schemaName);
      show(
        cli,
        tableName === undefined ? await counted(sql, known) : await rowsOf(sql, tableName, options.limit),
        options,
      );
    });
}

async function counted(sql: PipelineSqlClient, tables: readonly string[]): Promise<Report> {
  const facts: { readonly table_name: string; readonly rows: number }[] = [];
  for (const name of tables) {
    const [[count] = []] = await sql.executeSql(`SELECT COUNT(*) FROM ${sql.qualified(name)}`);
    facts.push({ table_name: name, rows: Number(count) });
  }
  const lines = table(facts.map(({ table_name: name, rows }) => [name, rows]));
  return { facts, text: [`${countOf(facts.length, "table")} in dataset ${sql.dataset}`, ...lines].join("\n") };
}

async function rowsOf(sql: PipelineSqlClient, name: string, limit: number): Promise<Report> {
  const { columns, rows } = await sql.query(`SELECT * FROM ${sql.qualified(name)} LIMIT ${limit}`);
  const facts = rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, factOf(row[index])])));
  const cells = rows.map((row) => row.map((value) => cellOf(value)));
  return { facts, text: [...table([columns, ...cells]), ...(rows.length === 0 ? ["(no rows)"] : [])].join("\n") };
}

/** Values that JSON has, as they are; others as their text. */
function factOf(value: unknown): unknown {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value;
  return value === undefined ? null : textOf(value);
}

/** Long values are cut, so that a row stays readable. */
function cellOf(value: unknown): string {
  const text = value === null || value === undefined ? "" : textOf(value).replaceAll(/\s+/g, " ");
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text;
}

const longestCell = 40;

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  const isPlain =
    Array.isArray(value) ||
    (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);
  return isPlain
    ? JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner))
    : String(value);
}

function unknownTable({ pipelineName }: Pipeline, name: string, known: readonly string[]): CliError {
  const near = nearest(name, known);
  return new CliError("CLI:ARGUMENT_INVALID", `Pipeline \`${pipelineName}\` has no table \`${name}\`.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(", ")}?` : `It has: ${known.join(", ") || "none"}.`,
  });
}

function rowLimit(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError("It is not a number of rows, 1 or more.");
  return count;
}
