import type { ExtractMetrics } from "../extract/index.js";
import { packageLines } from "./package-text.js";
import { type Printable, printable } from "./printable.js";
import { snakeCase } from "./snake-case.js";
import { type StepInfo, stepDict } from "./step-info.js";

/** What extracting did. */
export interface ExtractInfo extends ExtractFacts, Printable {}

export interface ExtractFacts extends StepInfo {
  /** What the run was given: sources and resources by name; for bare data one entry without a name. */
  readonly extractDataInfo: readonly { readonly name: string; readonly dataType: string }[];
  /** By load id, an entry for each source that was extracted into the package. */
  readonly metrics: Readonly<Record<string, readonly ExtractMetrics[]>>;
}

export function extractInfo(facts: ExtractFacts): ExtractInfo {
  return printable({ ...facts }, { text: extractText, dict: extractDict });
}

function extractText(info: ExtractFacts): string {
  return info.isEmpty ? "No data was extracted" : info.loadPackages.flatMap(packageLines).join("\n");
}

/** Metrics as lists, each entry with its package and which of the package's sources it is of. */
function extractDict(info: ExtractFacts): Readonly<Record<string, unknown>> {
  const entries = Object.entries(info.metrics).flatMap(([loadId, list]) =>
    list.map((metrics, extractIdx) => ({ of: { load_id: loadId, extract_idx: extractIdx }, metrics })),
  );
  const listed = <Metric>(
    metricOf: (metrics: ExtractMetrics) => Readonly<Record<string, Metric>>,
    row: (name: string, metric: Metric) => object,
  ): readonly object[] =>
    entries.flatMap(({ of, metrics }) =>
      Object.entries(metricOf(metrics)).map(([name, metric]) => ({ ...of, ...row(name, metric) })),
    );
  return {
    ...customLists(entries),
    ...stepDict(info),
    job_metrics: listed(
      ({ jobMetrics }) => jobMetrics,
      (jobId, metric) => ({ job_id: jobId, ...snakeCase(metric) }),
    ),
    table_metrics: listed(
      ({ tableMetrics }) => tableMetrics,
      (tableName, metric) => ({ table_name: tableName, ...snakeCase(metric) }),
    ),
    resource_metrics: listed(
      ({ resourceMetrics }) => resourceMetrics,
      (resourceName, { customMetrics, ...metric }) => {
        const own = Object.entries(customMetrics).filter(([, value]) => !Array.isArray(value));
        return {
          resource_name: resourceName,
          ...snakeCase(metric),
          ...(own.length > 0 && { custom_metrics: Object.fromEntries(own) }),
        };
      },
    ),
    dag: entries.flatMap(({ of, metrics }) =>
      metrics.dag.map(([parent, resource]) => ({ ...of, parent_name: parent, resource_name: resource })),
    ),
    hints: listed(
      ({ hints }) => hints,
      (resourceName, { incremental, ...hints }) => ({
        resource_name: resourceName,
        ...snakeCase(hintTexts(hints)),
        ...(typeof incremental === "object" && incremental !== null && { incremental: snakeCase(incremental) }),
      }),
    ),
  };
}

interface MetricsEntry {
  readonly of: { readonly load_id: string; readonly extract_idx: number };
  readonly metrics: ExtractMetrics;
}

/** Custom metrics that are lists, by their names, so that each becomes a table. Names that are taken already give way. */
function customLists(entries: readonly MetricsEntry[]): Readonly<Record<string, readonly object[]>> {
  const lists = new Map<string, object[]>();
  for (const { of, metrics } of entries) {
    for (const [resourceName, { customMetrics }] of Object.entries(metrics.resourceMetrics)) {
      for (const [name, list] of Object.entries(customMetrics)) {
        if (!Array.isArray(list)) continue;
        const rows = list.map((value: unknown) => ({
          ...of,
          resource_name: resourceName,
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
