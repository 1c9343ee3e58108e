// What waiting at the same time costs: resources that each wait 50 ms, all at once, in one extract. `node parallel.js <resources> <runs>`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pipeline, resource, source } from "@dlt/pipeline";
import { median } from "../measure.js";

const [, , countText = "", runText = ""] = process.argv;
const count = Number(countText);
const waitMs = 50;
process.env["EXTRACT__MAX_PARALLEL_ITEMS"] = countText;

const waiting = source({ name: "waiting" }, () =>
  Array.from({ length: count }, (_, id) =>
    resource({ name: `rows_${id}` }, async () => {
      await setTimeout(waitMs);
      return [{ id }];
    }),
  ),
);

async function extractMs(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "dlt-bench-"));
  try {
    const data = waiting();
    const started = performance.now();
    await pipeline({ pipelineName: "bench", pipelinesDir: folder }).extract(data);
    return performance.now() - started;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const times: number[] = [];
for (let run = 0; run < Number(runText); run++) times.push(await extractMs());
const text = times.map((ms) => (ms - waitMs).toFixed(0)).join(", ");
console.log(
  `an extract takes ${(median(times) - waitMs).toFixed(0)} ms over the ${waitMs} ms of one resource (${text})`,
);
