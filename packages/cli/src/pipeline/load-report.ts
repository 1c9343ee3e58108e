import type { LoadInfo } from "@dlt/pipeline";
import type { Report } from "../cli.js";
import { exitCodes } from "../exit-codes.js";

/** What a load did, with its rows by table. */
export function loadFacts(info: LoadInfo): Readonly<Record<string, unknown>> {
  return { ...info.asDict(), row_counts: info.rowCounts };
}

/** The report of a load. One that stopped before its data had an end can be continued. */
export function loadReport(info: LoadInfo): Report {
  return {
    facts: loadFacts(info),
    text: String(info),
    exitCode: info.canBeContinued ? exitCodes.stopped : exitCodes.done,
  };
}
