import type { Attributes } from "@opentelemetry/api";
import type { ExtractInfo } from "../info/extract-info.js";
import type { NormalizeInfo } from "../info/normalize-info.js";
import type { StepTrace } from "../info/trace.js";
import { meter, telemetry } from "./telemetry-api.js";
import { errorType, traced } from "./traced.js";

type Step = StepTrace["step"];

/** Does a step within a span `dlt.<step>`, and counts its time and rows. */
export async function tracedStep<Info extends StepTrace["stepInfo"]>(
  { step, pipelineName }: { readonly step: Step; readonly pipelineName: string },
  work: () => Promise<Info>,
): Promise<Info> {
  if (telemetry() === null) return await work();
  const attributes = { "dlt.pipeline.name": pipelineName };
  const startedAt = performance.now();
  let outcome: Attributes = {};
  try {
    const info = await traced(`dlt.${step}`, attributes, work, describe);
    countRows(attributes, info);
    return info;
  } catch (error) {
    outcome = { "error.type": errorType(error) };
    throw error;
  } finally {
    meter()
      ?.createHistogram("dlt.step.duration", { unit: "s", description: "Time that a step of a run took." })
      .record((performance.now() - startedAt) / 1000, { ...attributes, "dlt.step": step, ...outcome });
  }
}

function describe(info: StepTrace["stepInfo"]): Attributes {
  if (info === null) return {};
  return {
    "dlt.load.ids": [...info.loadsIds],
    ...("destinationName" in info && {
      "dlt.destination.name": info.destinationName,
      "dlt.dataset.name": info.datasetName,
    }),
  };
}

function countRows(attributes: Attributes, info: StepTrace["stepInfo"]): void {
  if (info === null || "destinationName" in info) return;
  if ("extractDataInfo" in info) countExtracted(attributes, info);
  else countNormalized(attributes, info);
}

function countExtracted(attributes: Attributes, { metrics }: ExtractInfo): void {
  const rows = meter()?.createCounter("dlt.extract.rows", { unit: "{row}", description: "Rows that resources gave." });
  for (const { resourceMetrics } of Object.values(metrics).flat()) {
    for (const [name, { itemsCount }] of Object.entries(resourceMetrics))
      rows?.add(itemsCount ?? 0, { ...attributes, "dlt.resource.name": name });
  }
}

function countNormalized(attributes: Attributes, { rowCounts }: NormalizeInfo): void {
  const rows = meter()?.createCounter("dlt.normalize.rows", { unit: "{row}", description: "Rows of load files." });
  for (const [name, count] of Object.entries(rowCounts)) rows?.add(count, { ...attributes, "dlt.table.name": name });
}
