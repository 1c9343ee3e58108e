import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, type LoadInfo, pipeline, resource } from "@dlt/pipeline";

interface Order {
  readonly id: number;
  readonly placed_at: string;
  readonly total: number;
}

/**
 * Loads the orders that were placed since the last invocation, as many as there is time for: `canBeContinued` of the result says
 * that there are more. State and schema are at the destination, so that it does not matter on which machine that was.
 */
export async function loadOrders(until: string, maxDurationMs: number): Promise<LoadInfo> {
  // Made for each invocation: the folder of the one before may be gone.
  await using p = pipeline({
    pipelineName: "orders",
    destination: duckdb(), //                    DESTINATION__DUCKDB__CREDENTIALS says where
    datasetName: "shop",
    pipelinesDir: join(tmpdir(), "pipelines"), // the only place where a function may write
  });
  // What was read is loaded every ten seconds, and once more when the time is over.
  return await p.run(orders(until), { maxDurationMs, checkpoint: { everyMs: 10_000 } });
}

/** A shop with an order each hour, which takes 20 ms for those of a day. It stands for the API that the function asks. */
const orders = (until: string) =>
  resource(
    {
      name: "orders",
      primaryKey: "id",
      // Orders come in the order of the cursor, so that the run may be cut after any page.
      incremental: incremental("placed_at", { initialValue: "2026-03-01T00:00:00Z", rowOrder: "asc" }),
    },
    async function* ({ incremental, signal }) {
      for (let day = new Date(incremental.startValue); day < new Date(until); day = hoursAfter(day, 24)) {
        await setTimeout(20, undefined, { signal });
        yield Array.from({ length: 24 }, (_, hour) => order(hoursAfter(day, hour))).filter(
          ({ placed_at }) => placed_at < until,
        );
      }
    },
  );

function order(placed: Date): Order {
  const id = placed.getTime() / 3_600_000;
  return { id, placed_at: placed.toISOString().replace(".000Z", "Z"), total: (id % 7) * 10 };
}

function hoursAfter(time: Date, hours: number): Date {
  return new Date(time.getTime() + hours * 3_600_000);
}
