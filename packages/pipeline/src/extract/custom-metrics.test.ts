import { incremental, type Resource, resource, transformer } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { runExtract, sourceOf } from "../../test/extract-run.js";
import { extractInfo } from "../info/extract-info.js";
import type { ExtractMetrics } from "./extract-metrics.js";

async function metricsOf(...resources: readonly unknown[]): Promise<ExtractMetrics> {
  const { result } = await runExtract({ source: sourceOf(...(resources as readonly Resource[])) });
  return result.metrics;
}

function counting() {
  return resource({ name: "pages" }, function* ({ metrics }) {
    metrics["requests"] = 0;
    for (const page of [[{ id: 1 }, { id: 2 }], [{ id: 3 }]]) {
      metrics["requests"] = Number(metrics["requests"]) + 1;
      yield page;
    }
    yield { id: 4 };
  }).addMetrics((rows, metrics) => {
    metrics["sizes"] = [...((metrics["sizes"] as readonly number[] | undefined) ?? []), rows.length];
  });
}

describe("metrics of a resource", () => {
  test("are what its function and its steps tell, beside rows and bytes", async () => {
    const { resourceMetrics } = await metricsOf(counting());
    expect(resourceMetrics).toEqual({
      pages: { itemsCount: 4, fileSize: 36, customMetrics: { requests: 2, sizes: [2, 1, 1] } },
    });
  });

  test("are there without rows, and for a resource that is not loaded", async () => {
    const silent = resource({ name: "silent" }, ({ metrics }) => {
      metrics["tried"] = true;
      return [];
    });
    const child = silent.pipe(
      transformer({ name: "child" }, (row: object, { metrics }) => {
        metrics["called"] = true;
        return row;
      }),
    );
    expect((await metricsOf(child)).resourceMetrics).toEqual({
      silent: { itemsCount: 0, fileSize: 0, customMetrics: { tried: true } },
    });
    expect((await metricsOf(resource({ name: "mute" }, () => [[]]))).resourceMetrics).toEqual({});
  });

  test("of a cursor count what comes to it, and the rows that it remembers", async () => {
    const rows = resource({ name: "r", incremental: incremental("at", { initialValue: 2 }) }, function* () {
      yield [{ at: 1 }, { at: 2 }, { at: 3, id: 1 }];
      yield { at: 3, id: 2 };
    });
    const { resourceMetrics } = await metricsOf(rows.addFilter(({ at }) => at > 1));
    expect(resourceMetrics["r"]).toMatchObject({ itemsCount: 3 });
    expect(resourceMetrics["r"]?.customMetrics).toEqual({
      incremental: [
        {
          unfilteredItemsCount: 3,
          unfilteredBatchesCount: 2,
          initialUniqueHashesCount: 0,
          finalUniqueHashesCount: 2,
        },
      ],
    });
  });

  test("as data: lists become tables of their own, the rest stays with the resource", async () => {
    const table = resource({ name: "table" }, ({ metrics }) => {
      Object.assign(metrics, { calls: [{ status: 200 }, { status: 404 }], dag: ["taken"], total: 2 });
      return [{ id: 1 }];
    });
    const now = new Date(0);
    const info = extractInfo({
      pipeline: { pipelineName: "p" },
      loadsIds: ["1.0"],
      loadPackages: [],
      firstRun: true,
      startedAt: now,
      finishedAt: now,
      isEmpty: false,
      extractDataInfo: [],
      metrics: { "1.0": [await metricsOf(table)] },
    });
    const entry = { load_id: "1.0", extract_idx: 0, resource_name: "table" };
    expect(info.asDict()).toMatchObject({
      calls: [
        { ...entry, status: 200 },
        { ...entry, status: 404 },
      ],
      dag: [{ load_id: "1.0", extract_idx: 0, parent_name: "table", resource_name: "table" }],
      resource_metrics: [{ ...entry, items_count: 1, custom_metrics: { total: 2 } }],
    });
  });
});
