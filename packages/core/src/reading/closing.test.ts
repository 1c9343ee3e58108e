import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { resource } from "../authoring/resource.js";
import { source } from "../authoring/source.js";
import { transformer } from "../authoring/transformer.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";

/** Gives something, and then waits for the end. */
const waiting = (first: unknown) => {
  const seen = { closed: 0 };
  const made = resource({ name: "r" }, async function* ({ signal }) {
    try {
      yield first;
      await once(signal, "abort");
    } finally {
      seen.closed++;
    }
  }) as Resource;
  return { made, seen };
};

const firsts: readonly (readonly [string, unknown])[] = [
  ["a row", { id: 1 }],
  ["a page", [{ id: 1 }]],
  ["work", async () => [{ id: 1 }]],
];
const child = (options: object, each: (row: object) => unknown) => (made: Resource) =>
  made.pipe(transformer({ name: "t", ...options }, each as never)) as Resource;
const uses: readonly (readonly [string, (made: Resource) => AsyncIterable<unknown>])[] = [
  ["read alone", (made) => made],
  ["read behind a step", (made) => made.addMap(async (row) => row)],
  ["piped to a transformer", child({}, (row) => row)],
  ["piped to a parallelized transformer", child({ parallelized: true }, async (row) => row)],
  ["piped to a transformer that defers", child({}, (row) => async () => row)],
  ["read in a source", (made) => source({ name: "s" }, () => [made])()],
];

describe.each(firsts)("a function that yields %s and waits for its signal", (_, first) => {
  test.each(uses)("ends with the loop, %s", async (_, use) => {
    const { made, seen } = waiting(first);
    for await (const row of use(made)) if (row !== undefined) break;
    expect(seen.closed).toBe(1);
  });
});

const rows = [{ id: 1 }, { id: 2 }];
type Waiting = (row: object, context: { readonly signal: AbortSignal }) => AsyncGenerator<object>;
const owners: readonly (readonly [string, (waiting: Waiting) => Resource])[] = [
  ["call of a transformer", (each) => child({}, each as never)(resource({ name: "p" }, () => [rows]) as Resource)],
  [
    "call of a parallelized transformer",
    (each) => child({ parallelized: true }, each as never)(resource({ name: "p" }, () => [rows]) as Resource),
  ],
  [
    "piece of work that was handed out",
    (each) =>
      resource({ name: "r" }, function* (context) {
        for (const row of rows) yield async () => each(row, context);
      }) as Resource,
  ],
  [
    "piece of work that a transformer handed out",
    (each) =>
      resource({ name: "p" }, () => [rows]).pipe(
        transformer({ name: "t" }, (row: object, context) => async () => each(row, context)),
      ) as Resource,
  ],
];

test.each(owners)(
  "a %s that waits for its signal behind a row ends with the loop, and so do the others",
  async (_, of) => {
    const begun: Promise<void>[] = [];
    const made = of(async function* (row, { signal }) {
      let end = (): void => undefined;
      begun.push(new Promise<void>((resolve) => (end = resolve)));
      try {
        yield row;
        await once(signal, "abort");
      } finally {
        end();
      }
    });
    // The signal of the environment stays as it is, as in a run that goes on to read other resources.
    for await (const item of readItems(made, plainEnvironment(new AbortController().signal)))
      if (item.kind === "rows") break;
    expect(begun.length).toBeGreaterThan(0);
    await Promise.all(begun);
  },
);

test("a limit ends a function that is read ahead and waits for its signal", async () => {
  const { made, seen } = waiting(async () => [{ id: 1 }]);
  let now = 0;
  const limited = made.addLimit({ maxItems: 5, maxTimeMs: 1 }).addMap(async (row) => {
    // Until the function, which is read ahead, waits.
    for (let turn = 0; turn < 100; turn++) await undefined;
    now += 10;
    return row;
  });
  const environment = { ...plainEnvironment(new AbortController().signal), nowMs: () => now };
  const rows: unknown[] = [];
  for await (const item of readItems(limited, environment)) if (item.kind === "rows") rows.push(...item.rows);
  expect(rows).toEqual([{ id: 1 }]);
  expect(seen.closed).toBe(1);
  expect(environment.signal.aborted).toBe(false);
});

test("a function that waits for nothing is closed where it is, and its signal stays as it was", async () => {
  const signals: AbortSignal[] = [];
  const aborted: boolean[] = [];
  const made = resource({ name: "r" }, async function* ({ signal }) {
    signals.push(signal);
    try {
      for (;;) yield [{ id: 1 }];
    } finally {
      aborted.push(signal.aborted);
    }
  });
  const environment = plainEnvironment(new AbortController().signal);
  for await (const item of readItems(made.addLimit(2), environment)) expect(item.kind).toBe("rows");
  expect(aborted).toEqual([false]);
});
