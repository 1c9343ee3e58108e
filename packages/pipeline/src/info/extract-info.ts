import type { ExtractMetrics } from "../extract/index.js";
import { packageLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { type StepInfo, stepObject } from "./step-info.js";

/** What extracting did. */
export interface ExtractInfo extends ExtractFacts, Printable {}

export interface ExtractFacts extends StepInfo {
  /** What the run was given: sources and resources by name; for bare data one entry without a name. */
  readonly extractDataInfo: readonly { readonly name: string; readonly dataType: string }[];
  /** By load id, an entry for each source that was extracted into the package. */
  readonly metrics: Readonly<Record<string, readonly ExtractMetrics[]>>;
}

export function extractInfo(facts: ExtractFacts): ExtractInfo {
  return printable({ ...facts }, { text: extractText, object: extractObject });
}

function extractText(info: ExtractFacts): string {
  return info.isEmpty ? "No data was extracted" : info.loadPackages.flatMap(packageLines).join("\n");
}

/** Metrics as lists, each entry with its package and which of the package's sources it is of. */
function extractObject(info: ExtractFacts): Readonly<Record<string, unknown>> {
  const entries = Object.entries(info.metrics).flatMap(([loadId, list]) =>
    list.map((metrics, extractIdx) => ({ loadId, extractIdx, metrics })),
  );
  const listed = <Metric>(
    metricOf: (metrics: ExtractMetrics) => Readonly<Record<string, Metric>>,
    row: (name: string, metric: Metric) => object,
  ): readonly object[] =>
    entries.flatMap(({ loadId, extractIdx, metrics }) =>
      Object.entries(metricOf(metrics)).map(([name, metric]) => ({ loadId, extractIdx, ...row(name, metric) })),
    );
  const object = {
    ...stepObject(info),
    jobMetrics: listed(
      ({ jobMetrics }) => jobMetrics,
      (jobId, metric) => ({ jobId, ...metric }),
    ),
    tableMetrics: listed(
      ({ tableMetrics }) => tableMetrics,
      (tableName, metric) => ({ tableName, ...metric }),
    ),
    resourceMetrics: listed(
      ({ resourceMetrics }) => resourceMetrics,
      (resourceName, { customMetrics, ...metric }) => {
        const own = Object.entries(customMetrics).filter(([, value]) => !Array.isArray(value));
        return { resourceName, ...metric, ...(own.length > 0 && { customMetrics: Object.fromEntries(own) }) };
      },
    ),
    dag: entries.flatMap(({ loadId, extractIdx, metrics }) =>
      metrics.dag.map(([parentName, resourceName]) => ({ loadId, extractIdx, parentName, resourceName })),
    ),
    hints: listed(
      ({ hints }) => hints,
      (resourceName, hints) => ({ resourceName, ...hintTexts(hints) }),
    ),
  };
  return { ...customLists(entries), ...object };
}

interface MetricsEntry {
  readonly loadId: string;
  readonly extractIdx: number;
  readonly metrics: ExtractMetrics;
}

/** Custom metrics that are lists, by their names, so that each becomes a table. Names that are taken already give way. */
function customLists(entries: readonly MetricsEntry[]): Readonly<Record<string, readonly object[]>> {
  const lists = new Map<string, object[]>();
  for (const { loadId, extractIdx, metrics } of entries) {
    for (const [resourceName, { customMetrics }] of Object.entries(metrics.resourceMetrics)) {
      for (const [name, list] of Object.entries(customMetrics)) {
        if (!Array.isArray(list)) continue;
        const rows = list.map((value: unknown) => ({
          loadId,
          extractIdx,
          resourceName,
          ...(typeof value === "object" && value !== null ? value : { value }),
        }));
        lists.set(name, [...(lists.get(name) ?? []), ...rows]);
      }
    }
  }
  return Object.fromEntries(lists);
}

/** Hints that are structures as JSON text, so that tables of hints stay flat whatever columns they speak of. */
function hintTexts(hints: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(hints).map(([name, hint]) => [
      name,
      typeof hint === "object" && hint !== null ? JSON.stringify(hint) : hint,
    ]),
  );
}
