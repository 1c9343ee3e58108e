import { type Resource, resource, transformer } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { plainRowsByTable, runExtract, sourceOf } from "../../test/extract-run.js";
import { copiedItem } from "./copied-item.js";

type Mode = "fifo" | "round_robin";

/** Three resources that are at hand; the first has generators in generators. */
function letters(log: unknown[]): readonly Resource[] {
  const made = (name: string, values: () => Iterable<unknown>) =>
    resource({ name }, function* () {
      for (const value of values()) {
        log.push(name);
        yield value;
      }
    }) as Resource;
  const inner = function* (): Generator<unknown> {
    yield* [{ n: 6 }, null, { n: 7 }];
  };
  const nested = function* (): Generator<unknown> {
    yield* [[{ n: 3 }], [{ n: 4 }], null, [{ n: 5 }], inner(), [{ n: 8 }], [{ n: 9 }]];
  };
  return [
    made("a", () => [[{ n: 1 }], [{ n: 2 }], nested(), [{ n: 10 }], [{ n: 11 }]]),
    made("b", () => [[{ n: 12 }], [{ n: 13 }]]),
    made("c", () => [[{ n: 14 }], [{ n: 15 }]]),
  ];
}

describe.each<[Mode, number]>([
  ["fifo", 20],
  ["round_robin", 20],
  ["round_robin", 1],
])("%s with %i at a time", (nextItemMode, maxParallelItems) => {
  test("rows of a resource are in its own order, generators in it read in place", async () => {
    const { chunks } = await runExtract({
      source: sourceOf(...letters([])),
      settings: { nextItemMode, maxParallelItems },
    });
    const numbers = Object.entries(plainRowsByTable(chunks)).map(([table, rows]) => [
      table,
      rows.map((row) => (row as { n: number }).n),
    ]);
    expect(Object.fromEntries(numbers)).toEqual({
      a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      b: [12, 13],
      c: [14, 15],
    });
  });
});

test("fifo begins a resource once the one before is at its end; round_robin begins all", async () => {
  const order = async (nextItemMode: Mode): Promise<string> => {
    const log: unknown[] = [];
    await runExtract({ source: sourceOf(...letters(log)), settings: { nextItemMode } });
    return log.join("");
  };
  expect(await order("fifo")).toBe("aaaaabbcc");
  expect((await order("round_robin")).slice(0, 3)).toBe("abc");
});

describe("what feeds several", () => {
  const family = (): readonly Resource[] => {
    const parent = resource({ name: "parent" }, () => [[{ n: 1, tags: ["x"] }]]);
    const changing = (name: string) =>
      transformer({ name }, (row: { n: number }) => {
        row.n += 1;
        return { n: row.n };
      });
    return [parent, parent.pipe(changing("a")), parent.pipe(changing("b"))] as readonly Resource[];
  };

  test.each([
    [false, { a: [{ n: 2 }], b: [{ n: 3 }] }],
    [true, { a: [{ n: 2 }], b: [{ n: 2 }] }],
  ])("copy_on_fork %s", async (copyOnFork, expected) => {
    const { chunks } = await runExtract({ source: sourceOf(...family()), settings: { copyOnFork } });
    expect(plainRowsByTable(chunks)).toMatchObject(expected);
    if (copyOnFork) expect(plainRowsByTable(chunks)["parent"]).toEqual([{ n: 1, tags: ["x"] }]);
  });

  test("a copy is shallow, and values stay what they are", () => {
    const [inner, date] = [{ deep: true }, new Date(0)];
    const rows = [{ inner }, [inner], new Map([["k", inner]]), date, "text", null];
    const item = { kind: "rows", rows, singly: false, numbers: "objects", mark: null } as const;
    const copy = copiedItem(item);
    expect(copy).toEqual(item);
    const [object, list, map, value] = copy.kind === "rows" ? copy.rows : [];
    expect([object === rows[0], list === rows[1], map === rows[2], value === date]).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect((object as { inner: object }).inner).toBe(inner);
    const text = { kind: "text", text: { jsonText: new Uint8Array(), framing: "lines" }, mark: null } as const;
    expect(copiedItem(text)).toBe(text);
  });
});
