/** Items that wait to be run, and what limits them. */
export interface BoundedRun<Item> {
  readonly items: readonly Item[];
  /** How many run at the same time, from 1. */
  readonly limit: number;
  /** Items with the same key run one after another; `null`: no such rule. */
  keyOf(item: Item): string | null;
  /** True: nothing more is started; what runs is waited for. */
  stopped(): boolean;
  /** Must not throw: what an item did wrong is kept by whoever runs it. */
  run(item: Item): Promise<void>;
}

/** Runs items in their order, as many at a time as allowed. Resolves when nothing runs any more. */
export async function runBounded<Item>({ items, limit, keyOf, stopped, run }: BoundedRun<Item>): Promise<void> {
  const waiting = [...items];
  const running = new Map<Item, Promise<void>>();
  const busyKeys = new Set<string>();
  for (;;) {
    while (!stopped() && running.size < limit) {
      const index = waiting.findIndex((item) => !busyKeys.has(keyOf(item) ?? ""));
      const [item] = index < 0 ? [] : waiting.splice(index, 1);
      if (item === undefined) break;
      const key = keyOf(item);
      if (key !== null) busyKeys.add(key);
      const finished = run(item).finally(() => {
        running.delete(item);
        if (key !== null) busyKeys.delete(key);
      });
      running.set(item, finished);
    }
    if (running.size === 0) return;
    await Promise.race(running.values());
  }
}
