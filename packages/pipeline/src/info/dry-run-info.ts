import { destinationText } from "./destination-text.js";
import { durationText } from "./duration.js";
import { rejectLines, tableChangeLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { snakeCase } from "./snake-case.js";
import { type TableRows, tableTree } from "./table-tree.js";
import { type TableUpdate, tableUpdateDict } from "./table-update.js";

/** What a run would do. */
export interface DryRunInfo extends DryRunFacts, Printable {}

export interface DryRunFacts {
  readonly pipeline: { readonly pipelineName: string };
  /** Canonical, e.g. `dlt.destinations.duckdb`. */
  readonly destinationType: string;
  readonly destinationName: string;
  /** Location without secrets. */
  readonly destinationDisplayableCredentials: string;
  /** Physical name; empty where the destination has none. */
  readonly datasetName: string;
  /** Rows of each table, parents before children. */
  readonly tableRows: readonly TableRows[];
  /** Rows that would go to `_dlt_rejects`. */
  readonly rejectedRows: number;
  /** Tables that would be new or get columns, each with its new and wider columns. */
  readonly schemaUpdate: Readonly<Record<string, TableUpdate>>;
  /** The statements that would prepare the destination, in order; none where it has no SQL or nothing changes. */
  readonly statements: readonly string[];
  /** The first rows of each table as they would be loaded. */
  readonly sampleRows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export function dryRunInfo(facts: DryRunFacts): DryRunInfo {
  return printable({ ...facts }, { text: dryRunText, dict: dryRunDict });
}

function dryRunText(info: DryRunFacts): string {
  const changes = Object.values(info.schemaUpdate).flatMap(tableChangeLines);
  const samples = Object.entries(info.sampleRows).flatMap(([table, rows]) => [
    `First rows of ${table}:`,
    ...rows.map((row) => `  ${JSON.stringify(row)}`),
  ]);
  return [
    `Dry run of pipeline ${info.pipeline.pipelineName} completed in ${durationText(info.startedAt, info.finishedAt)}; nothing was changed`,
    `It would load to ${destinationText(info)}`,
    `The ${info.destinationName} destination would use ${info.destinationDisplayableCredentials} location to store data`,
    ...section(
      "Rows:",
      tableTree(info.tableRows).map((line) => `  ${line}`),
    ),
    ...rejectLines(info.rejectedRows),
    ...section("Schema changes:", changes),
    ...section(
      "Statements:",
      info.statements.flatMap((statement) => statement.split("\n").map((line) => `  ${line}`)),
    ),
    ...samples,
  ].join("\n");
}

function dryRunDict(info: DryRunFacts): Readonly<Record<string, unknown>> {
  const { pipeline, schemaUpdate, ...rest } = info;
  return {
    ...snakeCase(rest),
    pipeline: { pipeline_name: pipeline.pipelineName },
    table_rows: info.tableRows.map(snakeCase),
    tables: Object.values(schemaUpdate).map((update) => tableUpdateDict(update, {})),
  };
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
