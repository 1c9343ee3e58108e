import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DltError, NormalizeRun, Schema } from "@dlt/core";
import { encodeRows, formatSchema, newSchema, parseSchema } from "@dlt/core/engine";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Chunk } from "../package/chunk.js";
import type { JsonValueDocument } from "../package/manifest.js";
import { builtInFormats } from "./built-in-formats.js";
import { normalizeChunks } from "./normalize-chunks.js";
import type { NormalizeStageInput, NormalizeStageResult } from "./stage.js";

const run: NormalizeRun = {
  loadId: "1700000001.0",
  nowMicros: 1_700_000_001_000_000n,
  idSeed: new Uint8Array(32).fill(7),
  maxIdentifierLength: null,
  timestampPrecision: 6,
  maxTimestampPrecision: 6,
  decimalPrecision: [38, 9],
  weiPrecision: [38, 0],
  mergeStrategies: [],
  doubles: [],
  integers: [],
};
const startSchema: Schema = newSchema("src");

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

interface Outcome extends Omit<NormalizeStageResult, "files"> {
  /** Name, rows and digest of each file. */
  readonly files: readonly string[];
}

/** Rows of a chunk, and the stored documents of tables that are declared with it. */
type GivenPage = readonly [table: string, rows: readonly unknown[], update?: readonly JsonValueDocument[]];

/** Normalizes pages of rows, a chunk each. */
async function normalizePages(
  pages: readonly GivenPage[],
  { readAgain, ...options }: Partial<NormalizeStageInput> & { readonly readAgain?: () => void } = {},
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-normalize-"));
  folders.push(folder);
  const texts = pages.map(([, rows]) => encodeRows(rows));
  const bytesOf = (index: number): Uint8Array => Uint8Array.from(texts[index] ?? []);
  async function* chunks(): AsyncGenerator<Chunk> {
    for (const [index, [table, , update = []]] of pages.entries()) {
      const data = bytesOf(index);
      const entry = {
        index,
        resource: table,
        table,
        file: `${index}.jsonl`,
        framing: "lines",
        numbers: "objects",
        firstRow: 0,
        rowCount: null,
        bytes: data.byteLength,
        update,
      } as const;
      yield { entry, data };
    }
  }
  const builtIn = builtInFormats();
  const { files, ...result } = await normalizeChunks({
    chunks: chunks(),
    readChunk: async ({ index }) => {
      readAgain?.();
      return bytesOf(index);
    },
    linkChunk: () => expect.unreachable(),
    schema: formatSchema(startSchema),
    run,
    emptyTables: () => [],
    tables: () => [],
    formatFor: () => builtIn.byName.get("parquet") ?? expect.unreachable(),
    builtIn,
    folder,
    workers: 0,
    bytesBeforeThreads: 0,
    maxFileBytes: 4096,
    signal: new AbortController().signal,
    reached: () => undefined,
    ...options,
  });
  const digests = files.map(async ({ name, rowCount }) => {
    const digest = createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
    return `${name} ${rowCount} ${digest}`;
  });
  return { ...result, files: await Promise.all(digests) };
}

const row = fc.dictionary(
  fc.constantFrom("a", "b", "c", "d", "e"),
  fc.oneof(
    fc.constantFrom<unknown>(null, 1, 2, 1.5, "x", "2024-01-02T03:04:05Z", true),
    fc.array(fc.oneof(fc.integer(), fc.record({ x: fc.integer(), y: fc.constantFrom<unknown>("s", 1, 2.5) }))),
    fc.record({ n: fc.constantFrom<unknown>(1, "s", 0.5) }),
  ),
  { maxKeys: 4, noNullPrototype: true },
);
const pages = fc.array(fc.tuple(fc.constantFrom("items", "others"), fc.array(row, { minLength: 1, maxLength: 20 })), {
  minLength: 1,
  maxLength: 12,
});

describe("normalizing chunks side by side", () => {
  it("gives the files of one after another, byte for byte", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(pages, async (given) => {
        // Data that cannot be normalized has to fail alike.
        const outcome = (workers: number) =>
          normalizePages(given, { workers }).catch(({ code, context }: DltError) => ({ code, context }));
        expect(await outcome(4)).toEqual(await outcome(1));
      }),
      { numRuns: Number(process.env["DLT_TEST_RUNS"] ?? 25) },
    );
  });

  it("puts no more rows into a file than it may have, whatever the number of threads", async () => {
    const rowsOf = (page: number) => Array.from({ length: 5 + page }, (_, n) => ({ id: n, tags: [n, n] }));
    const given = [0, 1, 2, 3].map((page) => ["items", rowsOf(page)] as const);
    const limited = (workers: number) => normalizePages(given, { workers, maxFileRows: 4, maxFileBytes: 1e9 });
    const one = await limited(1);
    const counts = one.files.map((file) => Number(file.split(" ")[1]));
    expect(Math.max(...counts)).toBe(4);
    expect(counts.reduce((sum, count) => sum + count)).toBe(3 * 26);
    expect(one.rowCounts).toEqual({ items: 26, items__tags: 52 });
    expect(await limited(4)).toEqual(one);
  });

  it("gives threads the options of formats", async () => {
    const given = Array.from({ length: 4 }, (_, page) => ["items", [{ a: page, b: "x;y" }]] as const);
    const builtIn = builtInFormats({ csv: { delimiter: ";", quoting: "quote_minimal" } });
    const formatFor = () => builtIn.byName.get("csv") ?? expect.unreachable();
    const [one, four] = await Promise.all(
      [1, 4].map((workers) => normalizePages(given, { workers, builtIn, formatFor })),
    );
    expect(four).toEqual(one);
  });

  it("makes a column double for the whole package when a fraction comes late", async () => {
    const given = Array.from({ length: 6 }, (_, page) => ["items", [{ price: page < 5 ? page : 5.5 }]] as const);
    const result = await normalizePages(given, { workers: 2 });
    const [items] = result.update;
    expect(items?.columns.get("price")?.dataType).toBe("double");
    expect([...(items?.columns.keys() ?? [])]).toEqual(["price", "_dlt_load_id", "_dlt_id"]);
    expect(result.rowCounts).toEqual({ items: 6 });
  });

  it("starts over a few times at most, however many columns turn out to be double", async () => {
    // Column by column meets its fraction in a chunk of its own.
    const given = Array.from(
      { length: 120 },
      (_, page) =>
        [
          "items",
          [
            Object.fromEntries(
              Array.from({ length: 60 }, (_value, column) => [`c${column}`, page === column + 30 ? 0.5 : 1]),
            ),
          ],
        ] as const,
    );
    let read = 0;
    const result = await normalizePages(given, {
      workers: 1,
      readAgain: () => {
        read += 1;
      },
    });
    const types = [...(result.update[0]?.columns.values() ?? [])].map(({ dataType }) => dataType);
    expect(types.filter((type) => type === "double")).toHaveLength(60);
    expect(result.rowCounts).toEqual({ items: 120 });
    expect(read).toBeLessThan(3 * given.length);
  });

  describe("hints that come after rows of their table", () => {
    const declared = (name: string, columns: readonly string[]): JsonValueDocument => ({
      name,
      columns: Object.fromEntries(columns.map((column) => [column, { name: column, data_type: "text" }])),
    });

    it("hold for the rows before them, whatever the number of threads", async () => {
      const given: readonly GivenPage[] = [
        ["items", [{ id: 1, x: 1 }], [declared("items", ["a"])]],
        ["items", [{ id: 2, x: 2 }], [declared("items", ["x"])]],
        ["others", [{ x: 1 }], [declared("others", [])]],
        ["items", [{ id: 3, y: 3 }], [declared("items", ["y"])]],
      ];
      const [one, four] = await Promise.all([1, 4].map((workers) => normalizePages(given, { workers })));
      expect(four).toEqual(one);
      const items = parseSchema(one?.schema ?? expect.unreachable(), {}).tables.get("items");
      expect([...(items?.columns.values() ?? [])].map(({ name, dataType }) => `${name} ${dataType}`)).toEqual([
        ...["a text", "x text", "y text", "id bigint"],
        ...["_dlt_load_id text", "_dlt_id text"],
      ]);
      expect(one?.rowCounts).toEqual({ items: 3, others: 1 });
    });

    it("make a root table of one that lists of another made", async () => {
      const given: readonly GivenPage[] = [
        ["items", [{ lines: [{ x: 1 }] }]],
        ["items__lines", [{ y: 1 }], [{ ...declared("items__lines", []), resource: "items__lines" }]],
      ];
      const { schema, rowCounts } = await normalizePages(given, { workers: 1 });
      expect(parseSchema(schema, {}).tables.get("items__lines")?.parent).toBeUndefined();
      expect(rowCounts).toEqual({ items: 1, items__lines: 2 });
    });

    it("do not start a package over again and again", async () => {
      const given = Array.from(
        { length: 60 },
        (_, page): GivenPage => ["items", [{ id: page }], [declared("items", [`c${page}`])]],
      );
      let read = 0;
      const { schema } = await normalizePages(given, {
        workers: 1,
        readAgain: () => {
          read += 1;
        },
      });
      expect(parseSchema(schema, {}).tables.get("items")?.columns.size).toBe(63);
      expect(read).toBeLessThan(3 * given.length);
    });
  });

  it("hands on the error of a thread as it is", async () => {
    const broken: readonly (readonly [string, readonly unknown[]])[] = [
      ["items", [{ a: 1 }]],
      ["items", [{ a: 2n ** 63n }]],
    ];
    await expect(normalizePages(broken, { workers: 2 })).rejects.toMatchObject({
      name: "SchemaError",
      code: "FILE_VALUE_OUT_OF_RANGE",
      context: { table: "items", column: "a", row: 0 },
    });
  });

  it("stops when it is aborted", async () => {
    const abort = new AbortController();
    const given = Array.from({ length: 5 }, () => ["items", [{ a: 1 }]] as const);
    const reached = (): void => abort.abort(new Error("stop"));
    await expect(normalizePages(given, { signal: abort.signal, reached })).rejects.toThrow("stop");
  });
});
