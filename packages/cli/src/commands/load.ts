import type { LoadInfo, RunData } from "@dlt/pipeline";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { csvRows } from "../load/csv-rows.js";
import { type InputFormat, inputFormats } from "../load/input-format.js";
import { type Input, openInput } from "../load/open-input.js";
import { loadReport } from "../pipeline/load-report.js";

interface LoadOptions extends FactOptions {
  readonly table: string;
  readonly format?: InputFormat;
  readonly allText?: boolean;
  readonly destination: string;
  readonly credentials?: string;
  readonly datasetName?: string;
  readonly pipelineName?: string;
  readonly writeDisposition: "append" | "replace" | "merge";
  readonly primaryKey?: readonly string[];
  readonly plan?: boolean;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<from>", "a file, or - for the standard input")
    .requiredOption("--table <name>", "table that the rows go to")
    .addOption(
      new Option("--format <format>", "what the rows are given as (default: as the name or the text says)").choices(
        inputFormats,
      ),
    )
    .option("--all-text", "of CSV and TSV: read every column as text, numbers too")
    .option("--destination <name>", "where the rows go: a destination that is installed here", "duckdb")
    .option("--credentials <text>", "of the destination, e.g. shop.duckdb (default: as configured)")
    .option("--dataset-name <name>", "dataset of the table (default: <pipeline name>_dataset)")
    .option("--pipeline-name <name>", "pipeline that keeps the schema (default: the name of the table)")
    .addOption(
      new Option("--write-disposition <how>", "what happens to rows that are there")
        .choices(["append", "replace", "merge"])
        .default("append"),
    )
    .option("--primary-key <columns>", "columns that rows are merged by, with commas between them", columnList)
    .option("--plan", "show what would be loaded, and load nothing")
    .addHelpText("after", help)
    .action(async (from: string, options: LoadOptions) => show(cli, await loaded(cli, from, options), options));
}

const help = `
JSON (an array or values one behind the other), JSON lines, CSV and TSV with the names of the columns in the first line; all of them may
be compressed with gzip.

Examples:
  $ curl -s https://example.com/events.json | dlt load - --table events
  $ dlt load orders.csv --table orders --write-disposition merge --primary-key id`;

async function loaded(cli: Cli, from: string, options: LoadOptions): Promise<Report> {
  const { pipeline } = await import("@dlt/pipeline");
  const { table, destination, credentials, datasetName, writeDisposition, primaryKey } = options;
  const rows = rowsOf(await openInput(cli, from, options.format), options);
  await using p = pipeline({
    pipelineName: options.pipelineName ?? table,
    destination,
    ...(datasetName !== undefined && { datasetName }),
  });
  const hints = {
    tableName: table,
    writeDisposition,
    ...(primaryKey !== undefined && { primaryKey }),
    ...(credentials !== undefined && { credentials }),
  };
  if (options.plan === true) {
    const plan = await p.run(rows, { ...hints, dryRun: true });
    return { facts: plan.asDict(), text: String(plan) };
  }
  const info = await p.run(rows, hints);
  return { ...loadReport(info), text: loadText(info) };
}

function rowsOf({ format, bytes }: Input, { allText = false }: LoadOptions): RunData {
  if (format === "json" || format === "jsonl") return bytes;
  return csvRows(bytes, { delimiter: format === "tsv" ? "\t" : ",", allText });
}

function loadText(info: LoadInfo): string {
  const { pipelineName } = info.pipeline;
  return `${String(info)}\nLook at the rows: dlt pipeline ${pipelineName} show`;
}

function columnList(text: string): readonly string[] {
  const columns = text.split(",").map((name) => name.trim());
  if (columns.includes("")) throw new InvalidArgumentError("A name is empty.");
  return columns;
}
