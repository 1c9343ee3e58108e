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

/** Milliseconds from the start to the end, and of the CPU. */
async function extractOnce(): Promise<{ readonly wallMs: number; readonly cpuMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), "dlt-bench-"));
  try {
    const data = waiting();
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    await pipeline({ pipelineName: "bench", pipelinesDir: folder }).extract(data);
    const { user, system } = process.cpuUsage(cpuBefore);
    return { wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const extracts: Awaited<ReturnType<typeof extractOnce>>[] = [];
for (let run = 0; run < Number(runText); run++) extracts.push(await extractOnce());
const over = extracts.map(({ wallMs }) => wallMs - waitMs);
const cpuMs = median(extracts.map((each) => each.cpuMs)).toFixed(0);
const text = over.map((ms) => ms.toFixed(0)).join(", ");
console.log(
  `an extract takes ${median(over).toFixed(0)} ms over the ${waitMs} ms of one resource (${text}), ${cpuMs} CPU ms`,
);
