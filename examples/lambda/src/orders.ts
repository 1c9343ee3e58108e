import { tmpdir } from "node:os";
import { join } from "node:path";
import { duckdb } from "@dlt/destination-duckdb";
import { incremental, type LoadInfo, pipeline, resource } from "@dlt/pipeline";

interface Order {
  readonly id: number;
  readonly placed_at: string;
  readonly total: number;
}

/**
 * Loads the orders that were placed since the last invocation. State and schema are at the destination, so that it does not matter
 * on which machine that was.
 *
 * @throws PipelineStepError; what was loaded by then is kept, the rest comes with the next invocation
 */
export async function loadOrders(until: string, signal: AbortSignal): Promise<LoadInfo> {
  // Made for each invocation: the folder of one that was stopped may be gone.
  await using p = pipeline({
    pipelineName: "orders",
    destination: duckdb(), //                    DESTINATION__DUCKDB__CREDENTIALS says where
    datasetName: "shop",
    pipelinesDir: join(tmpdir(), "pipelines"), // the only place where a function may write
  });
  return await p.run(orders(until), { signal });
}

/** A shop with an order each hour. It stands for the API that the function asks. */
const orders = (until: string) =>
  resource(
    {
      name: "orders",
      primaryKey: "id",
      incremental: incremental("placed_at", { initialValue: "2026-03-01T00:00:00Z" }),
    },
    async function* ({ incremental, signal }) {
      for (let day = new Date(incremental.startValue); day < new Date(until); day = hoursAfter(day, 24)) {
        signal.throwIfAborted();
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
