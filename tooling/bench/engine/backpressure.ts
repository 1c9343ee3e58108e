// What is in memory while a destination is slow: pages of a megabyte to one that takes its time. `node backpressure.js <pages> <runs>`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { destination, type FileFormat } from "@dlt/core";
import { jsonl } from "@dlt/core/engine";
import { pipeline, resource } from "@dlt/pipeline";
import { median } from "../measure.js";

const [, , pageText = "", runText = ""] = process.argv;
const pageCount = Number(pageText);
const megabyte = 1024 * 1024;
const rowsOfPage = 100;
const textLength = Math.round(megabyte / rowsOfPage);
const writeMs = 100;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function aliveMegabytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / megabyte;
}

async function mostOverStart(): Promise<number> {
  const start = aliveMegabytes();
  let most = 0;
  const takeTime = async (): Promise<void> => {
    await setTimeout(writeMs);
    most = Math.max(most, aliveMegabytes() - start);
  };
  const slowText: FileFormat = {
    ...jsonl(),
    name: "slow text",
    open: (table, sink) => {
      const writer = jsonl().open(table, sink);
      return {
        write: async (part) => {
          await takeTime();
          await writer.write(part);
        },
        close: () => writer.close(),
      };
    },
  };
  const slow = destination({
    name: "slow",
    capabilities: {
      preferredFileFormat: slowText.name,
      fileFormats: [slowText.name],
      maxIdentifierLength: 127,
      caseSensitiveIdentifiers: true,
      supportsDdlTransactions: false,
      supportsTransactions: false,
      replaceStrategies: ["truncate-and-insert"],
      mergeStrategies: [],
    },
    config: {},
    fileFormats: [slowText],
    connect: async () => ({
      displayLocation: "slow",
      prepare: async () => [],
      explain: async () => [],
      createJob: ({ jobId, rowCount, bytes }) => ({
        id: jobId,
        run: async () => {
          await takeTime();
          return { rowCount, bytes };
        },
      }),
      completeLoad: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  });
  const rows = resource({ name: "rows" }, function* () {
    for (let page = 0; page < pageCount; page++) {
      yield Array.from({ length: rowsOfPage }, (_, index) => {
        const id = page * rowsOfPage + index;
        return { id, text: String(id).padStart(textLength, "0123456789") };
      });
    }
  });
  const folder = mkdtempSync(join(tmpdir(), "dlt-bench-"));
  try {
    await pipeline({ pipelineName: "bench", destination: slow(), pipelinesDir: folder }).run(rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return most;
}

const figures: number[] = [];
for (let run = 0; run < Number(runText); run++) figures.push(await mostOverStart());
const text = figures.map((megabytes) => megabytes.toFixed(0)).join(", ");
console.log(`at most ${median(figures).toFixed(0)} MB are alive at a time (${text})`);
