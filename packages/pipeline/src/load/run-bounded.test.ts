import fc from "fast-check";
import { expect, test } from "vitest";
import { type BoundedRun, runBounded } from "./run-bounded.js";

/** Runs items that each take some turns of the event loop, and watches what runs at the same time. */
async function watch(options: Pick<BoundedRun<string>, "items" | "limit"> & Partial<BoundedRun<string>>) {
  const now: string[] = [];
  const started: string[] = [];
  let most = 0;
  let sameKey = false;
  const keyOf = options.keyOf ?? (() => null);
  await runBounded({
    stopped: () => false,
    ...options,
    keyOf,
    run: async (item) => {
      started.push(item);
      sameKey ||= now.some((other) => keyOf(other) !== null && keyOf(other) === keyOf(item));
      now.push(item);
      most = Math.max(most, now.length);
      for (let turns = item.length; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
      now.splice(now.indexOf(item), 1);
    },
  });
  return { started, most, sameKey };
}

test("every item is run once, in order, and as many at a time as allowed", async () => {
  const items = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 1, max: 4 }), async (list, limit) => {
      const { started, most } = await watch({ items: list, limit });
      expect(started).toEqual(list);
      expect(most).toBe(Math.min(limit, list.length));
    }),
    { numRuns: 50 },
  );
});

test("items with the same key run one after another", async () => {
  const items = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", "b") }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(items, async (list) => {
      const { started, sameKey } = await watch({ items: list, limit: 4, keyOf: (item) => item.charAt(0) });
      expect([...started].sort()).toEqual([...list].sort());
      expect(sameKey).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test("once stopped nothing more is started", async () => {
  const started: string[] = [];
  await runBounded({
    items: ["a", "b", "c"],
    limit: 1,
    keyOf: () => null,
    stopped: () => started.length === 2,
    run: async (item) => void started.push(item),
  });
  expect(started).toEqual(["a", "b"]);
});
