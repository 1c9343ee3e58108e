import { type Destination, incremental, type Pipeline, pipeline, resource, source } from "@dlt/pipeline";

export interface Order {
  readonly id: number;
  readonly placed_at: string;
  readonly customer: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

/** The pages of orders that were placed since a time. In production a call of an API; tests give pages of their own. */
export type FetchOrders = (since: string, signal: AbortSignal) => AsyncIterable<readonly Order[]>;

export const shop = source({ name: "shop" }, (_, { fetchOrders }: { fetchOrders: FetchOrders }) => [
  resource(
    {
      name: "orders",
      primaryKey: "id",
      incremental: incremental("placed_at", { initialValue: "2026-01-01T00:00:00Z" }),
      // Columns may not change by themselves: an order with a new field is a case for a person.
      schemaContract: { columns: "freeze" },
    },
    ({ incremental, signal }) => fetchOrders(incremental.startValue, signal),
  ).addFilter((order) => order.customer !== "test"),
]);

/** The pipeline as it runs each night, and as the tests run it: only destination and folder differ. */
export function shopPipeline(destination: Destination | string, pipelinesDir?: string): Pipeline {
  return pipeline({
    pipelineName: "shop",
    destination,
    datasetName: "shop_data",
    ...(pipelinesDir !== undefined && { pipelinesDir }),
  });
}
