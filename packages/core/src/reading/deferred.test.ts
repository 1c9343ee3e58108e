import { describe, expect, test } from "vitest";
import { withTableName } from "../authoring/marks.js";
import { resource } from "../authoring/resource.js";
import { transformer } from "../authoring/transformer.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment, type ReadEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";

/** Work that ends when it is told to, and says what has begun and how much was under way at a time. */
function bench() {
  const finish = new Map<number, () => void>();
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  return {
    begun,
    finish,
    most: () => most,
    /** Gives `[{ id }]` once it is finished. */
    work: (id: number) => async (): Promise<unknown> => {
      begun.push(id);
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finish.set(id, resolve));
      running--;
      return [{ id }];
    },
  };
}

async function turns(count = 1_000): Promise<void> {
  for (let turn = 0; turn < count; turn++) await undefined;
}

/** An environment in which so many things go on at a time, as in a run. */
function environment(atOnce: number): ReadEnvironment {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return {
    ...plainEnvironment(new AbortController().signal),
    maxParallelItems: atOnce,
    inTurn: async (work) => {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free++;
        else next();
      }
    },
  };
}

/** Reads as an engine does: a resource that is fed by none has a turn while it is asked. */
async function read(made: Resource, atOnce: number, isReader = true): Promise<unknown[]> {
  const own = environment(atOnce);
  const items = readItems(made, own);
  const rows: unknown[] = [];
  for (;;) {
    const { done, value } = await (isReader ? own.inTurn(() => items.next()) : items.next());
    if (done === true) return rows;
    if (value.kind === "rows") rows.push(value.singly ? value.rows : [value.rows]);
  }
}

const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

describe.each([1, 2, 3, 20])("with %i at a time", (atOnce) => {
  test("work of a generator runs together, and comes in the order of the yields", async () => {
    const { work, finish, begun, most } = bench();
    const made = resource({ name: "r" }, function* () {
      for (const id of ids(6)) yield work(id);
    });
    const reading = read(made as Resource, atOnce);
    while (begun.length < 6) {
      await turns();
      for (const id of [...begun].reverse()) finish.get(id)?.();
    }
    await turns();
    for (const id of begun) finish.get(id)?.();
    expect(await reading).toEqual(ids(6).map((id) => [[{ id }]]));
    expect(begun).toEqual(ids(6));
    expect(most()).toBe(Math.min(atOnce, 6));
  });

  test("so does work of a transformer", async () => {
    const { work, finish, begun, most } = bench();
    const parent = resource({ name: "p" }, () => ids(6).map((id) => [{ id }]));
    const child = parent.pipe(transformer({ name: "c" }, ({ id }: { id: number }) => work(id)));
    const reading = read(child as Resource, atOnce, false);
    while (begun.length < 6) {
      await turns();
      for (const id of [...begun].reverse()) finish.get(id)?.();
    }
    await turns();
    for (const id of begun) finish.get(id)?.();
    expect(await reading).toEqual(ids(6).map((id) => [[{ id }]]));
    expect(most()).toBe(Math.min(atOnce, 6));
  });
});

test("rows keep their place among work, and work in work is done in its place", async () => {
  const made = resource({ name: "r" }, async function* () {
    yield { id: 1 };
    yield async () => [{ id: 2 }];
    yield [{ id: 3 }];
    yield () => () => ({ id: 4 });
    yield function* () {
      yield { id: 5 };
      yield [{ id: 6 }];
    };
    yield { id: 7 };
  });
  expect((await read(made as Resource, 4)).flat(2)).toEqual(ids(7).map((id) => ({ id: id + 1 })));
});

test("promises that are yielded are waited for together", async () => {
  const made = resource({ name: "r" }, function* () {
    const settle: (() => void)[] = [];
    for (const id of ids(3)) yield new Promise<{ id: number }>((resolve) => settle.push(() => resolve({ id })));
    for (const each of settle.reverse()) each();
  });
  expect((await read(made as Resource, 4)).flat()).toEqual(ids(3).map((id) => ({ id })));
});

test("a mark holds for what comes of the work", async () => {
  const made = resource({ name: "r" }, function* () {
    yield withTableName(async () => [{ id: 1 }], "a");
    yield async () => withTableName([{ id: 2 }], "b");
  });
  const marks: unknown[] = [];
  for await (const item of readItems(made as Resource, environment(4)))
    if (item.kind !== "checkpoint") marks.push(item.mark);
  expect(marks).toEqual([{ tableName: "a" }, { tableName: "b" }]);
});

test("an error keeps its place: what was yielded before it comes first", async () => {
  const { work, finish } = bench();
  const made = resource({ name: "r" }, function* () {
    yield work(1);
    yield () => Promise.reject(new Error("refused"));
    yield work(3);
  });
  const items = readItems(made as Resource, environment(4));
  const first = items.next();
  await turns();
  finish.get(1)?.();
  expect((await first).value).toMatchObject({ rows: [{ id: 1 }] });
  await expect(items.next()).rejects.toMatchObject({
    code: "RESOURCE_FAILED",
    context: { resource: "r", step: "read", page: 2 },
    cause: expect.objectContaining({ message: "refused" }),
  });
});

test("so does an error of the generator itself", async () => {
  const made = resource({ name: "r" }, function* () {
    yield async () => [{ id: 1 }];
    throw new Error("over");
  });
  const items = readItems(made as Resource, environment(4));
  expect((await items.next()).value).toMatchObject({ rows: [{ id: 1 }] });
  await expect(items.next()).rejects.toMatchObject({ context: { page: 2 }, cause: expect.any(Error) });
});

test("an error of a transformer's work names the row", async () => {
  const parent = resource({ name: "p" }, () => [[{ id: 1 }, { id: 2 }]]);
  const child = parent.pipe(
    transformer({ name: "c" }, ({ id }: { id: number }) => async () => {
      if (id === 2) throw new Error("two");
      return { id };
    }),
  );
  await expect(read(child as Resource, 4, false)).rejects.toMatchObject({
    context: { resource: "c", step: "transform", page: 1, row: 2 },
  });
});

test("ending early begins nothing more, and closes the generator", async () => {
  const begun: number[] = [];
  let closed = false;
  const made = resource({ name: "r" }, function* () {
    try {
      for (let id = 0; ; id++) {
        yield async () => {
          begun.push(id);
          return [{ id }];
        };
      }
    } finally {
      closed = true;
    }
  });
  for await (const row of made) if (row !== undefined) break;
  const { length } = begun;
  expect(closed).toBe(true);
  await turns();
  expect(begun).toHaveLength(length);
});

test("a limit lets no more work begin than it lets through", async () => {
  const begun: number[] = [];
  const made = resource({ name: "r" }, function* () {
    for (let id = 0; ; id++) {
      yield async () => {
        begun.push(id);
        return [{ id }];
      };
    }
  });
  const rows: unknown[] = [];
  for await (const row of made.addLimit(2)) rows.push(row);
  expect(rows).toEqual([{ id: 0 }, { id: 1 }]);
  expect(begun.length).toBeLessThanOrEqual(3);
});

test("nothing is read ahead where there is no work to wait for", async () => {
  let asked = 0;
  const made = resource({ name: "r" }, function* () {
    for (;;) yield [{ id: asked++ }];
  });
  const items = readItems(made as Resource, environment(4));
  await items.next();
  await turns();
  expect(asked).toBe(1);
  await items.return(undefined);
});
