import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { incremental } from "@dlt/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { extractInput } from "../../test/extract-run.js";
import { extract } from "./extract.js";
import { type RunHints, toSources } from "./to-sources.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const megabyte = 1024 * 1024;
const fileBytes = 200 * megabyte;
let folder = "";
let path = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "memory-"));
  path = join(folder, "events.jsonl");
  await using file = await open(path, "w");
  for (let written = 0, id = 0; written < fileBytes; ) {
    const lines = Array.from({ length: 2000 }, () =>
      JSON.stringify({ id: id++, at: "2024-01-01", text: "x".repeat(400) }),
    );
    const block = Buffer.from(`${lines.join("\n")}\n`);
    await file.write(block);
    written += block.length;
  }
}, 120_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What is alive, in bytes, each time that a chunk is taken. */
async function aliveByChunk(hints: RunHints): Promise<readonly number[]> {
  const [source] = await toSources(path, { pipelineName: "p", schemaName: "p", cwd: folder, hints });
  if (source === undefined) throw new Error("There is no source.");
  const alive: number[] = [];
  let bytes = 0;
  for await (const { data } of extract(extractInput({ source }))) {
    bytes += data.length;
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    alive.push(heapUsed + arrayBuffers);
  }
  expect(bytes).toBeGreaterThanOrEqual(fileBytes);
  return alive;
}

test.each<[string, RunHints]>([
  ["passed through as text", {}],
  ["with a cursor that looks at every row", { incremental: incremental("id", { initialValue: 0 }) }],
])(
  "memory does not grow with a file of 200 MB: %s",
  async (_, hints) => {
    const alive = await aliveByChunk(hints);
    expect(alive.length).toBeGreaterThan(10);
    const [first = 0] = alive;
    // A few pages and the chunk being filled.
    expect(Math.max(...alive) - first).toBeLessThan(64 * megabyte);
    expect((alive.at(-1) ?? 0) - first).toBeLessThan(32 * megabyte);
  },
  120_000,
);
