import type { DryRunInfo, LoadInfo } from "@dlt/pipeline";
import type { Report } from "../cli.js";
import { exitCodes } from "../exit-codes.js";
import { loadFacts } from "../pipeline/load-report.js";
import { countOf } from "../text.js";

/** What the pipelines of a program ran. `exitCode`: the one that the program set. */
export function runsReport(runs: readonly (LoadInfo | DryRunInfo)[], exitCode: number): Report {
  const lines = runs.map((info) => (isPlan(info) ? String(info) : runLine(info)));
  const canBeContinued = runs.some((info) => !isPlan(info) && info.canBeContinued);
  return {
    facts: runs.map((info) => (isPlan(info) ? info.asDict() : loadFacts(info))),
    text: lines.length === 0 ? "The program came to its end, and no pipeline ran." : lines.join("\n"),
    exitCode: exitCode === 0 && canBeContinued ? exitCodes.stopped : exitCode,
  };
}

function isPlan(info: LoadInfo | DryRunInfo): info is DryRunInfo {
  return "statements" in info;
}

/** `Pipeline shop loaded 12 rows into 2 tables: dataset shop_data at duckdb:////shop.duckdb` */
function runLine(info: LoadInfo): string {
  const { pipeline, rowCounts, datasetName, destinationDisplayableCredentials: place, loadsIds } = info;
  const tables = Object.keys(rowCounts).length;
  const rows = Object.values(rowCounts).reduce((sum, count) => sum + count, 0);
  const loaded =
    loadsIds.length === 0
      ? "had nothing to load"
      : `loaded ${countOf(rows, "row")} into ${countOf(tables, "table")}: dataset ${datasetName} at ${place}`;
  const rest = [
    ...(info.rejectedRows > 0 ? [`${countOf(info.rejectedRows, "row")} rejected, kept in _dlt_rejects`] : []),
    ...(info.hasFailedJobs ? [`with FAILED jobs: dlt pipeline ${pipeline.pipelineName} failed-jobs`] : []),
    ...(info.canBeContinued ? ["stopped before the data had an end; run again to go on"] : []),
  ];
  return [`Pipeline ${pipeline.pipelineName} ${loaded}`, ...rest].join("; ");
}
