import { describe, expect, test } from "vitest";
import { destination } from "../authoring/destination.js";
import { setting } from "../authoring/settings.js";
import type { ConnectOptions, LoadFile, LoadSupport, PreparedTable } from "../contract/destination.js";
import { namingConvention } from "../naming/naming-convention.js";
import type { BatchContext } from "./function-options.js";

const nothing = async () => undefined;

test("a function is a destination with a name of its own", () => {
  const sink = destination("sink", nothing, { config: { url: setting({ default: "here" }) }, maxTableNesting: 2 });
  expect(sink({ url: "there" })).toMatchObject({
    "~dlt": "destination",
    type: "destination",
    name: "sink",
    given: { url: "there" },
    capabilities: {
      preferredFileFormat: "jsonl",
      fileFormats: ["jsonl"],
      namingConvention: "direct",
      maxTableNesting: 2,
    },
  });
  expect(sink({ destinationName: "other" }).name).toBe("other");
  expect(destination("sink", nothing)().capabilities).toMatchObject({ maxTableNesting: 0, maxParallelJobs: 0 });
  expect(destination("sink", nothing, { maxTableNesting: null })().capabilities.maxTableNesting).toBeUndefined();
});

test.each([
  ["", nothing, {}, "DESTINATION_INVALID", "has no name"],
  ["sink", undefined, {}, "DESTINATION_INVALID", "has no function"],
  [
    "sink",
    nothing,
    { batchSize: 1.5 },
    "CONFIG_VALUE_INVALID",
    "`batchSize`: a whole number from 0 was expected, got 1.5",
  ],
  ["sink", nothing, { batchSize: -1 }, "CONFIG_VALUE_INVALID", "`batchSize`"],
  [
    "sink",
    nothing,
    { batchSize: "10" },
    "CONFIG_VALUE_INVALID",
    '`batchSize`: a whole number from 0 was expected, got "10"',
  ],
  ["sink", nothing, { maxTableNesting: -1 }, "CONFIG_VALUE_INVALID", "`maxTableNesting`"],
  ["sink", nothing, { maxParallelLoadJobs: 0 }, "CONFIG_VALUE_INVALID", "`maxParallelLoadJobs`"],
  ["sink", nothing, { loaderFileFormat: "csv" }, "CONFIG_VALUE_INVALID", "`loaderFileFormat`: `jsonl` or `parquet`"],
  ["sink", nothing, { loaderParallelismStrategy: "none" }, "CONFIG_VALUE_INVALID", "`loaderParallelismStrategy`"],
])("%j, %o, %o is refused", (name, load, options, code, message) => {
  const declare = () => destination(name, load as never, options as never);
  expect(declare).toThrow(
    expect.objectContaining({ name: "ConfigError", code, message: expect.stringContaining(message) }),
  );
});

describe("a batch has an id", () => {
  const table: PreparedTable = { name: "t", columns: new Map(), writeDisposition: "append", rootTable: "t" };
  const fileOf = (loadId: string, jobId: string): LoadFile => ({
    ...{ jobId, loadId, table, target: "final", format: "jsonl", at: { path: "/file" }, rowCount: 4, bytes: 1 },
  });

  async function idsOf(pipelineName: string, file: LoadFile, batchSize = 2): Promise<readonly string[]> {
    const ids: string[] = [];
    const sink = destination("sink", (_items, _table, { batchId }: BatchContext) => void ids.push(batchId), {
      batchSize,
    });
    const client = await sink().connect({}, { ...connectOptions, pipelineName });
    await client.createJob(file).run(new AbortController().signal);
    return ids;
  }

  test("of pipeline, load, file and rows, the same each time", async () => {
    const [first, second] = await idsOf("p", fileOf("1", "t.a.jsonl"));
    expect(await idsOf("p", fileOf("1", "t.a.jsonl"))).toEqual([first, second]);
    const all = [
      first,
      second,
      ...(await idsOf("q", fileOf("1", "t.a.jsonl"))),
      ...(await idsOf("p", fileOf("2", "t.a.jsonl"))),
      ...(await idsOf("p", fileOf("1", "t.b.jsonl"))),
      ...(await idsOf("p", fileOf("1", "t.a.jsonl"), 3)),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((id) => /^[0-9a-f]{32}$/.test(id ?? ""))).toBe(true);
  });

  test("an engine that reads no files is refused", async () => {
    const { support: _, ...without } = connectOptions;
    await expect(destination("sink", nothing)().connect({}, without)).rejects.toMatchObject({
      code: "INTERNAL_STATE_UNEXPECTED",
      message: expect.stringContaining("reads no load files"),
    });
  });
});

/** Every file has four rows, and nothing is noted. */
const support: LoadSupport = {
  async *readRows() {
    yield [{}, {}, {}, {}];
  },
  readColumns: () => {
    throw new TypeError("No columns are read.");
  },
  openNotes: async () => ({
    ofJob: () => null,
    step: () => ({ state: {}, keep: async () => undefined }),
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

const connectOptions: ConnectOptions = {
  ...{ pipelineName: "p", localDir: "/", dataset: "", stagingDataset: "_staging", support },
  naming: namingConvention("direct", null),
  signal: new AbortController().signal,
};
