import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { incremental, resource, source, transformer } from "@dlt/core";
import { cursorOf, resourceDefinition } from "@dlt/core/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainRowsByTable, runExtract } from "../../test/extract-run.js";
import { type RunData, type RunHints, toSources } from "./to-sources.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "to-sources-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const rows = [
  { id: 1, tags: ["a"] },
  { id: 2, tags: [] },
];

async function sourcesOf(data: RunData, hints?: RunHints) {
  return await toSources(data, {
    pipelineName: "demo_pipeline",
    schemaName: "demo",
    cwd: folder,
    ...(hints && { hints }),
  });
}

/** Everything that a run of the data writes, by table. */
async function extracted(data: RunData, tableName?: string): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const [only, ...others] = await sourcesOf(data, tableName === undefined ? undefined : { tableName });
  if (only === undefined || others.length > 0) throw new Error("There has to be one source.");
  return plainRowsByTable((await runExtract({ source: only })).chunks);
}

describe("bare rows", () => {
  test.each<[string, () => RunData]>([
    ["an array", () => rows],
    ["an array of pages", () => [rows]],
    ["a set", () => new Set(rows)],
    [
      "a generator object",
      () =>
        (function* () {
          yield* rows;
        })(),
    ],
    [
      "an async generator object",
      () =>
        (async function* () {
          yield rows;
        })(),
    ],
    ["a function", () => () => rows],
    [
      "a generator function",
      () =>
        function* () {
          yield* rows;
        },
    ],
    [
      "an async generator function",
      () =>
        async function* () {
          yield* rows;
        },
    ],
    ["a promise", () => Promise.resolve(rows)],
    ["a Node stream of objects", () => Readable.from(rows)],
    ["a web stream of objects", () => ReadableStream.from(rows)],
    [
      "a Node stream of JSON lines",
      () => Readable.from([Buffer.from('{"id":1,"tags":["a"]}\n{"id":'), Buffer.from('2,"tags":[]}')]),
    ],
    ["a Node stream of text", () => Readable.from(['[{"id":1,"tags":["a"]},', '{"id":2,"tags":[]}]'])],
    ["a web stream of bytes", () => new Blob([JSON.stringify(rows)]).stream()],
    ["a stream of compressed bytes", () => Readable.from([gzipSync(JSON.stringify(rows))])],
    ["a response", () => new Response(JSON.stringify(rows))],
    [
      "a response with lines",
      () =>
        new Response(rows.map((row) => JSON.stringify(row)).join("\n"), {
          headers: { "content-type": "application/x-ndjson" },
        }),
    ],
    ["JSON text", () => ({ jsonText: new TextEncoder().encode(JSON.stringify(rows)), framing: "array" })],
    ["a function that opens a stream of bytes", () => () => new Blob([JSON.stringify(rows)]).stream()],
    ["a function that opens a stream of text", () => () => Readable.from([JSON.stringify(rows)])],
    ["a function that fetches", () => async () => new Response(JSON.stringify(rows))],
  ])("%s", async (_, data) => {
    expect(await extracted(data(), "rows")).toEqual({ rows });
  });

  test("need a name", async () => {
    await expect(sourcesOf(rows)).rejects.toMatchObject({ code: "RESOURCE_NAME_MISSING" });
    await expect(sourcesOf(() => rows)).rejects.toMatchObject({ code: "RESOURCE_NAME_MISSING" });
  });

  test("are named after their function", async () => {
    expect(
      await extracted(function people() {
        return rows;
      }),
    ).toEqual({ people: rows });
  });

  test.each<[string, unknown, string]>([
    ["nothing", null, "RESOURCE_DATA_MISSING"],
    ["a single object", { id: 1 }, "RESOURCE_DATA_UNSUPPORTED"],
    ["a number", 1, "RESOURCE_DATA_UNSUPPORTED"],
    ["a transformer without a parent", transformer({ name: "t" }, (row: object) => row), "RESOURCE_NOT_CONNECTED"],
  ])("%s is refused", async (_, data, code) => {
    await expect(sourcesOf(data as RunData, { tableName: "t" })).rejects.toMatchObject({ code });
  });

  test("a generator cannot be read twice", async () => {
    const [once] = await sourcesOf(
      (function* () {
        yield* rows;
      })(),
      { tableName: "rows" },
    );
    if (once === undefined) throw new Error("There is no source.");
    await runExtract({ source: once });
    await expect(runExtract({ source: once })).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      context: { resource: "rows" },
    });
  });

  test("an empty list has no rows", async () => {
    expect(await extracted([], "rows")).toEqual({});
  });
});

describe("files", () => {
  const lines = rows.map((row) => JSON.stringify(row)).join("\n");
  test.each<[string, string | Uint8Array]>([
    ["lines.jsonl", lines],
    ["windows.jsonl", `\ufeff${lines.replaceAll("\n", "\r\n")}\r\n`],
    ["lines.ndjson", `${lines}\n`],
    ["packed.jsonl.gz", gzipSync(lines)],
    [
      "members.jsonl.gz",
      Buffer.concat([gzipSync(`${JSON.stringify(rows[0])}\n`), gzipSync(`${JSON.stringify(rows[1])}\n`)]),
    ],
    ["array.json", JSON.stringify(rows)],
    ["pretty.json", JSON.stringify(rows, null, 2)],
    ["values.json", lines],
    ["packed.json.gz", gzipSync(JSON.stringify(rows))],
  ])("%s", async (name, content) => {
    await writeFile(join(folder, name), content);
    const table = name.split(".")[0] ?? "";
    expect(await extracted(name)).toEqual({ [table]: rows });
    expect(await extracted(pathToFileURL(join(folder, name)), "other")).toEqual({ other: rows });
  });

  test("one object is one row", async () => {
    await writeFile(join(folder, "one.json"), JSON.stringify(rows[0], null, 2));
    expect(await extracted("one.json")).toEqual({ one: [rows[0]] });
  });

  test.each<[string, string, string]>([
    ["missing.jsonl", "", "SOURCE_FILE_UNREADABLE"],
    ["table.csv", "a,b", "RESOURCE_DATA_UNSUPPORTED"],
    ["cut.json", '[{"id":1},{"id":', "JSON_TEXT_CUT"],
    ["broken.jsonl.gz", "", "RESOURCE_FAILED"],
  ])("%s fails and names itself", async (name, content, code) => {
    if (name.endsWith(".gz")) await writeFile(join(folder, name), gzipSync(lines).subarray(0, 30));
    else if (name !== "missing.jsonl") await writeFile(join(folder, name), content);
    await expect(extracted(name)).rejects.toMatchObject({ code, context: { step: "read" } });
  });
});

describe("addresses", () => {
  let server: Server;
  let base = "";
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith("/v1/users") === true) response.end(JSON.stringify(rows));
      else response.writeHead(503).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  test("are fetched", async () => {
    expect(await extracted(new URL(`${base}/v1/users?page=1`))).toEqual({ users: rows });
    expect(await extracted(`${base}/v1/users.json`)).toEqual({ users: rows });
    expect(await extracted(fetch(`${base}/v1/users`))).toEqual({ users: rows });
  });

  test("that fail say so, without their query", async () => {
    const error: unknown = await extracted(`${base}/other?token=secret`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "SOURCE_RESPONSE_FAILED", context: { status: 503 }, retryable: true });
    expect(String(error)).not.toContain("secret");
  });
});

describe("sources", () => {
  const a = resource({ name: "a" }, () => rows);
  const b = resource({ name: "b", section: "other" }, () => rows);
  const zoo = source({ name: "zoo", section: "animals" }, () => [a]);

  const shape = async (data: RunData): Promise<readonly unknown[]> =>
    (await sourcesOf(data, { tableName: "rows" })).map(({ name, section, resources }) => [
      name,
      section,
      ...resources.keys(),
    ]);

  test("come as they are, ordered by name; factories are called, promises awaited", async () => {
    const later = source({ name: "arc" }, async () => [a]);
    expect(await shape(zoo())).toEqual([["zoo", "animals", "a"]]);
    expect(await shape([zoo, later(), later])).toEqual([
      ["arc", "arc", "a"],
      ["arc", "arc", "a"],
      ["zoo", "animals", "a"],
    ]);
  });

  test("a resource that takes arguments has to be called first", async () => {
    const uncalled = resource({ name: "r" }, (_context, { n }: { n: number }) => [{ n }]);
    const unpiped = transformer({ name: "t" }, (row: object, _context, _args: { n: number }) => row);
    for (const data of [uncalled, unpiped, [uncalled], Promise.resolve(uncalled)]) {
      await expect(sourcesOf(data as RunData)).rejects.toMatchObject({ code: "RESOURCE_ARGUMENTS_MISSING" });
    }
    const [made] = await sourcesOf(uncalled({ n: 1 }));
    expect([...(made?.resources.keys() ?? [])]).toEqual(["r"]);
  });

  test("resources are put together into sources of the pipeline, each name once", async () => {
    expect(await shape(a)).toEqual([["demo", "demo_pipeline", "a"]]);
    expect(await shape(b)).toEqual([["demo", "other", "b"]]);
    expect(await shape([a, b, a.withName("c"), b])).toEqual([
      ["demo", "demo_pipeline", "a", "b", "c"],
      ["demo", "other", "b"],
    ]);
  });

  test("a list that begins with a resource may hold anything", async () => {
    expect(await shape([a, zoo, rows])).toEqual([
      ["demo", "demo_pipeline", "a"],
      ["demo", "demo_pipeline", "rows"],
      ["zoo", "animals", "a"],
    ]);
  });

  test("hints of the run go to all that is read, also to parents, and not to what was given", async () => {
    const parent = resource({ name: "parent", selected: false, primaryKey: "id" }, () => rows);
    const child = parent.pipe(transformer({ name: "child" }, (row: { id: number }) => row));
    const other = resource({ name: "other", selected: false }, () => rows);
    const family = source({ name: "family" }, () => [parent, child, other]);
    const given = family();
    const [found] = await toSources(given, {
      pipelineName: "p",
      schemaName: "p",
      cwd: folder,
      hints: { writeDisposition: "replace", incremental: incremental("id"), schemaContract: "freeze" },
    });
    const definitions = [...(found?.resources.values() ?? [])].map(resourceDefinition);
    expect(definitions.map(({ hints }) => hints?.writeDisposition)).toEqual(["replace", "replace", "append"]);
    expect(definitions.map(({ steps }) => steps.length)).toEqual([1, 1, 0]);
    expect(found?.schemaContract).toBe("freeze");
    expect(resourceDefinition(given.resources.child).hints?.writeDisposition).toBe("append");
  });
});

describe("the cursor of a run", () => {
  const issues = () => resource({ name: "issues", incremental: incremental("id", { initialValue: 1 }) }, () => rows);
  const labels = () => resource({ name: "labels" }, () => rows);
  const cursorsOf = (sources: Awaited<ReturnType<typeof sourcesOf>>) =>
    Object.fromEntries(
      sources.flatMap(({ resources }) =>
        [...resources].map(([name, each]) => [name, cursorOf(resourceDefinition(each).steps) ?? null]),
      ),
    );

  test("options and bare values change the cursors that there are", async () => {
    const data = () => [issues(), labels()];
    expect(cursorsOf(await sourcesOf(data(), { incremental: { endValue: 9 } }))).toEqual({
      issues: expect.objectContaining({ cursorPath: "id", initialValue: 1, endValue: 9 }),
      labels: null,
    });
    expect(cursorsOf(await sourcesOf(data(), { incremental: 4 }))).toMatchObject({ issues: { initialValue: 4 } });
    expect(cursorsOf(await sourcesOf(data(), { incremental: null }))).toEqual({ issues: null, labels: null });
  });

  test("a cursor, and options with a path, are for all that is read", async () => {
    const parent = labels();
    const child = parent.pipe(transformer({ name: "child" }, (row: object) => row));
    const cursors = cursorsOf(await sourcesOf([parent, child], { incremental: { cursorPath: "id", lag: 1 } }));
    expect(cursors).toMatchObject({ labels: { cursorPath: "id", lag: 1 }, child: { cursorPath: "id" } });
  });

  test("what was given is not changed", async () => {
    const given = issues();
    await sourcesOf(given, { incremental: { endValue: 9 } });
    expect(cursorOf(resourceDefinition(given).steps)).not.toHaveProperty("endValue");
  });

  test("options without any cursor are refused", async () => {
    for (const hint of [{ endValue: 9 }, 5]) {
      await expect(sourcesOf(labels(), { incremental: hint })).rejects.toMatchObject({
        code: "INCREMENTAL_NOT_DECLARED",
      });
    }
    const unread = issues().applyHints({ selected: false });
    await expect(sourcesOf([unread, labels()], { incremental: 5 })).rejects.toMatchObject({
      code: "INCREMENTAL_NOT_DECLARED",
    });
  });
});
