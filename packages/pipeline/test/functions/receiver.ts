import type { BatchContext, PreparedTable } from "@dlt/core";

/** A call of the function of a destination. */
export interface Received {
  readonly items: unknown;
  readonly table: PreparedTable;
  readonly context: BatchContext;
}

/** Takes note of what a function gets. `take` may throw for it. */
export function receiver(take: (received: Received) => unknown = () => undefined) {
  const calls: Received[] = [];
  const load = async (items: unknown, table: PreparedTable, context: BatchContext): Promise<void> => {
    const received = { items, table, context };
    calls.push(received);
    await take(received);
  };
  return { calls, load };
}
