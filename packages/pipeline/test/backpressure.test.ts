import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { destination, type FileFormat } from "@dlt/core";
import { jsonl } from "@dlt/core/engine";
import { expect, test } from "vitest";
import { resource } from "../src/index.js";
import { newMachine } from "./new-machine.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const megabyte = 1024 * 1024;
const pageCount = 300;
/** Rows of a page of a megabyte. */
const rowsOfPage = 100;
const textLength = Math.round(megabyte / rowsOfPage);

/** What is alive, in bytes. */
function alive(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("memory stays flat while files are written slowly and loaded slowly", { timeout: 120_000 }, async () => {
  let pages = 0;
  let pageAt = performance.now();
  const rows = resource({ name: "rows" }, function* () {
    for (; pages < pageCount; pages++) {
      pageAt = performance.now();
      yield Array.from({ length: rowsOfPage }, (_, index) => {
        const id = pages * rowsOfPage + index;
        return { id, text: String(id).padStart(textLength, "0123456789") };
      });
    }
  });
  /** Pages that were read, and what was alive, whenever the resource had to wait. */
  const standstills: { readonly pages: number; readonly alive: number }[] = [];
  /** Resolves when no page has been read for so long that the resource has to be waiting. */
  const standstill = async (): Promise<void> => {
    const since = performance.now();
    while (performance.now() - Math.max(since, pageAt) < 40) await setImmediate();
    standstills.push({ pages, alive: alive() });
  };
  const slowText: FileFormat = {
    ...jsonl(),
    name: "slow text",
    open: (table, sink) => {
      const writer = jsonl().open(table, sink);
      const write: typeof writer.write = async (part) => {
        await standstill();
        await writer.write(part);
      };
      return { write, close: () => writer.close() };
    },
  };
  let loaded = 0;
  const slowPlace = destination({
    name: "slow",
    capabilities: {
      preferredFileFormat: slowText.name,
      fileFormats: [slowText.name],
      recommendedFileBytes: 32 * megabyte,
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
      createJob: ({ jobId, table, rowCount, bytes }) => ({
        id: jobId,
        run: async () => {
          await standstill();
          if (table.name === "rows") loaded += rowCount ?? 0;
          return { rowCount, bytes };
        },
      }),
      completeLoad: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    }),
  });
  const machine = await newMachine();
  const before = alive();
  await machine.pipeline({ destination: slowPlace() }).run(rows);
  expect(loaded).toBe(pageCount * rowsOfPage);
  // The first writes find the resource waiting, most of its pages not read.
  expect(standstills.length).toBeGreaterThan(20);
  expect(standstills[1]?.pages).toBeLessThan(pageCount / 2);
  const most = Math.max(...standstills.map((each) => each.alive)) - before;
  expect(most).toBeLessThan(150 * megabyte);
});
