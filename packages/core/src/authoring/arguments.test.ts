import { describe, expect, test } from "vitest";
import { plainEnvironment } from "../reading/environment.js";
import { listPartitions } from "../reading/list-partitions.js";
import { isResource, isResourceFactory, isTransformer, resourceDefinition } from "./brand.js";
import { resource } from "./resource.js";
import { source } from "./source.js";
import { transformer } from "./transformer.js";

async function rowsOf<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const issues = resource({ name: "issues", primaryKey: "id" }, async function* (_context, { repo }: { repo: string }) {
  yield [{ id: 1, repo }];
});
const pages = resource({ name: "pages" }, function* (_context, { count = 2 }: { count?: number } = {}) {
  for (let page = 0; page < count; page++) yield { page };
});
const fields = resource({ name: "fields" }, (_context, { count = 1 }: { count?: number }) => [{ count }]);
const uncalled = expect.objectContaining({
  code: "RESOURCE_ARGUMENTS_MISSING",
  message: expect.stringContaining("issues"),
  hint: expect.stringContaining("issues({"),
});

describe("a resource with arguments", () => {
  test("is made by each call anew", async () => {
    const [one, other] = [issues({ repo: "dlt" }), issues({ repo: "hub" })];
    one.addMap((row) => ({ ...row, seen: true }));
    expect(await rowsOf(one)).toEqual([{ id: 1, repo: "dlt", seen: true }]);
    expect(await rowsOf(other)).toEqual([{ id: 1, repo: "hub" }]);
    expect([one.name, one.hints.primaryKey]).toEqual(["issues", "id"]);
  });

  test("is read uncalled where the parameter has a default value, and can be called as well", async () => {
    expect(await rowsOf(pages)).toHaveLength(2);
    expect(await rowsOf(pages({ count: 3 }))).toHaveLength(3);
    expect(await rowsOf(pages())).toHaveLength(2);
    expect(await rowsOf(fields())).toEqual([{ count: 1 }]);
    expect([isResourceFactory(pages), isResourceFactory(fields), isResourceFactory(issues)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("takes steps and hints that were added before", async () => {
    const limited = resource({ name: "limited" }, (_context, { n }: { n: number } = { n: 5 }) => [{ n }]);
    limited.addMap(({ n }) => ({ n: n * 2 })).applyHints({ primaryKey: "n" });
    expect(await rowsOf(limited({ n: 1 }))).toEqual([{ n: 2 }]);
    expect(limited({ n: 1 }).hints.primaryKey).toBe("n");
  });

  test("may be named by its arguments", () => {
    const named = resource(
      {
        name: ({ stream }: { stream: string }) => `stream_${stream}` as const,
        section: ({ stream }: { stream: string }) => `section_${stream}`,
      },
      (_context, _args: { stream: string }) => [{ a: 1 }],
    );
    const made = named({ stream: "a" });
    expect(made.name).toBe("stream_a");
    expect(resourceDefinition(made).section).toBe("section_a");
    expect(isResourceFactory(named)).toBe(true);
    const unnamed = resource({ name: (_args: { a: number }) => "" }, (_context, _args: { a: number }) => []);
    expect(() => unnamed({ a: 1 })).toThrow(expect.objectContaining({ code: "RESOURCE_NAME_MISSING" }));
  });

  test("keeps the name that it was given by `withName`", async () => {
    const named = resource({ name: ({ n }: { n: number }) => `stream_${n}` }, (_context, { n }: { n: number }) => [
      { n },
    ]);
    const renamed = (named as never as ReturnType<typeof named>).withName("renamed") as never as typeof named;
    expect(renamed({ n: 1 }).name).toBe("renamed");
    expect(named({ n: 1 }).name).toBe("stream_1");
    await expect(rowsOf(renamed as never)).rejects.toMatchObject({
      code: "RESOURCE_ARGUMENTS_MISSING",
      message: expect.stringContaining("`renamed`"),
    });
  });

  test.each<[string, () => unknown]>([
    ["iterated", () => rowsOf(issues as never)],
    ["given to a source", async () => source({ name: "s" }, (() => [issues]) as never)()],
    [
      "piped",
      async () =>
        (issues as never as ReturnType<typeof issues>).pipe(transformer({ name: "t" }, (row: { id: number }) => row)),
    ],
  ])("has to be called before it is %s", async (_, use) => {
    await expect(use()).rejects.toThrow(uncalled);
  });

  test.each<[string, () => unknown]>([
    ["one that has its arguments", () => issues({ repo: "dlt" })],
    ["a transformer that is piped", () => pages({ count: 1 }).pipe(transformer({ name: "t" }, (row: object) => row))],
  ])("cannot be given to %s", (_, make) => {
    const made = make() as (args: object) => unknown;
    expect(() => made({ repo: "x" })).toThrow(expect.objectContaining({ code: "RESOURCE_ARGUMENTS_UNEXPECTED" }));
  });

  test("says with its arguments in which parts it can be read", async () => {
    const parted = resource(
      {
        name: "parted",
        partitions: (_context, { days }: { days: number }) => Array.from({ length: days }, (_, day) => day),
      },
      ({ partition }, { days }: { days: number }) => [{ day: partition ?? days }],
    );
    const environment = plainEnvironment(new AbortController().signal);
    expect(await listPartitions(parted({ days: 2 }), environment)).toEqual([0, 1]);
  });

  test("looks like a resource, not like a function", () => {
    const made = issues({ repo: "dlt" });
    expect([isResource(made), "length" in made, "call" in made]).toEqual([true, false, false]);
  });
});

describe("a transformer with arguments", () => {
  const sent = transformer({ name: "sent" }, (row: { n: number }, _context, { method }: { method: string }) => ({
    ...row,
    method,
  }));
  const numbers = resource({ name: "numbers" }, () => [{ n: 1 }]);

  test("is made by each call anew, and the parent is read once for both", async () => {
    let read = 0;
    const both = source({ name: "both" }, () => {
      const parent = resource({ name: "parent" }, () => {
        read++;
        return [{ n: 1 }];
      });
      const named = transformer(
        { name: ({ method }: { method: string }) => method },
        (row: { n: number }, _context, { method }: { method: string }) => ({ ...row, method }),
      );
      return [parent.pipe(named({ method: "GET" })), parent.pipe(named({ method: "PUT" }))];
    });
    expect(await rowsOf(both())).toEqual([
      { n: 1, method: "GET" },
      { n: 1, method: "PUT" },
    ]);
    expect(read).toBe(1);
  });

  test("has to be called before it is piped", () => {
    expect(isTransformer(sent({ method: "POST" }))).toBe(true);
    expect(() => numbers.pipe(sent as never)).toThrow(expect.objectContaining({ code: "RESOURCE_ARGUMENTS_MISSING" }));
  });

  test("is used uncalled where the parameter has a default value", async () => {
    const greeting = transformer(
      { name: "greeting" },
      (row: { n: number }, _context, { text = "hi" }: { text?: string } = {}) => ({
        ...row,
        text,
      }),
    );
    expect(await rowsOf(numbers.pipe(greeting))).toEqual([{ n: 1, text: "hi" }]);
    expect(await rowsOf(numbers.pipe(greeting({ text: "ho" })))).toEqual([{ n: 1, text: "ho" }]);
  });
});
