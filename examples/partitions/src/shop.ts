import { duckdb } from "@dlt/destination-duckdb";
import { incremental, pipeline, resource, source } from "@dlt/pipeline";

// What all processes share: the code. The data goes through the exchange folder.
export const shopPipeline = () =>
  pipeline({
    pipelineName: "partitions",
    destination: duckdb({ credentials: "partitions.duckdb" }),
    datasetName: "shop",
  });

const lastId = 90;

const orders = resource(
  {
    name: "orders",
    primaryKey: "id",
    incremental: incremental("id", { initialValue: 1 }),
    // Asked once, when the plan is made: three ranges from where the last load stopped.
    partitions: ({ incremental: { startValue } }) => {
      const step = Math.ceil((lastId + 1 - startValue) / 3);
      return [0, 1, 2].map((n) => ({ from: startValue + n * step, to: startValue + (n + 1) * step }));
    },
  },
  async function* ({ partition, incremental: { startValue } }) {
    // In a run there is no partition: everything is read.
    const { from, to } = partition ?? { from: startValue, to: lastId + 1 };
    for (let id = from; id < Math.min(to, lastId + 1); id++) {
      yield {
        id,
        total: id % 2 === 0 ? id : id + 0.5,
        lines: [
          { sku: "A1", quantity: 1 },
          { sku: "B7", quantity: id },
        ],
      };
    }
  },
);
const stores = resource({ name: "stores", writeDisposition: "replace" }, () => [{ name: "north" }, { name: "south" }]);

export const shop = source({ name: "shop" }, () => [orders, stores]);
