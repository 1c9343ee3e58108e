import type { LoadPlan } from "@dlt/core";
import type { FileStore, FileStoreProvider } from "@dlt/storage";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { keysOf, load, loadIds, memoryPlace, openClient, type Place, plan, stateOf, table } from "./support.js";

const [first, second, third] = loadIds;
const users = table("users");
const orders = table("orders");

/** How a call is cut off: it never got there, or it was done and its answer got lost. */
type Cut = "not done" | "done";

/** A store whose calls fail from one on, counted over all calls; a process that dies. */
function cutOff({ store }: Place, at: number, cut: Cut): { readonly store: FileStoreProvider; calls(): number } {
  let calls = 0;
  const counted = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    calls += 1;
    if (calls > at || (calls === at && cut === "not done")) throw new Error("cut off");
    const result = await work();
    if (calls === at) throw new Error("cut off");
    return result;
  };
  const wrapped = (inner: FileStore): FileStore => ({
    ...inner,
    put: (...args) => counted(() => inner.put(...args)),
    putIfAbsent: (...args) => counted(() => inner.putIfAbsent(...args)),
    delete: (keys, options) => counted(() => inner.delete(keys, options)),
    stat: (...args) => counted(() => inner.stat(...args)),
    async *list(...args) {
      await counted(async () => undefined);
      yield* inner.list(...args);
    },
    async *get(...args) {
      await counted(async () => undefined);
      yield* inner.get(...args);
    },
  });
  return {
    store: { ...store, open: async (location) => wrapped(await store.open(location)) },
    calls: () => calls,
  };
}

const kinds: Readonly<Record<string, Partial<LoadPlan>>> = {
  append: {},
  replace: { truncate: ["users"] },
  drop: { drop: ["users"] },
};

// A load that is cut off while it tidies up says so.
beforeEach(() => void vi.spyOn(process, "emitWarning").mockReturnValue(undefined));

/** Two loads before, so that there is something to delete and to tidy. */
async function placeWithLoads(): Promise<Place> {
  const place = await memoryPlace();
  const client = await openClient({ store: place.store });
  await load(client, plan([users, orders], { loadId: first }), stateOf(first));
  await load(client, plan([users, orders], { loadId: second }), stateOf(second));
  return place;
}

describe.each(Object.keys(kinds))(
  "%s: wherever a load is cut off, once more gives what an undisturbed one gives",
  (kind) => {
    const loadPlan = plan([users, orders, table("more")], { loadId: third, ...kinds[kind] });

    test.each<Cut>(["not done", "done"])("the last call was %s", async (cut) => {
      const undisturbed = await placeWithLoads();
      const whole = cutOff(undisturbed, Number.POSITIVE_INFINITY, cut);
      await load(await openClient({ store: whole.store, maxStateFiles: 2 }), loadPlan, stateOf(third));
      const expected = await keysOf(undisturbed.files);
      expect(whole.calls()).toBeGreaterThan(15);

      for (let at = 1; at <= whole.calls(); at += 1) {
        const place = await placeWithLoads();
        const dying = cutOff(place, at, cut);
        const died = load(await openClient({ store: dying.store, maxStateFiles: 2 }), loadPlan, stateOf(third));
        await died.catch((error: unknown) => expect(error).toMatchObject({ message: "cut off" }));
        await load(await openClient({ store: place.store, maxStateFiles: 2 }), loadPlan, stateOf(third));
        expect(await keysOf(place.files), `cut off at call ${at}`).toEqual(expected);
      }
    });

    test("until the load is complete, the state before it counts", async () => {
      const place = await placeWithLoads();
      const whole = cutOff(await placeWithLoads(), Number.POSITIVE_INFINITY, "done");
      await load(await openClient({ store: whole.store }), loadPlan, stateOf(third));
      const { state } = await openClient({ store: place.store });
      for (let at = 1; at <= whole.calls(); at += 1) {
        const dying = cutOff(place, at, "not done");
        await load(await openClient({ store: dying.store }), loadPlan, stateOf(third)).catch(() => undefined);
        const isComplete = (await keysOf(place.files, `ds/_dlt_loads/src__${third}`)).length === 1;
        expect((await state?.readState("p"))?.loadId).toBe(isComplete ? third : second);
        if (isComplete) return;
      }
      throw new Error("The load was never complete.");
    });
  },
);
