import type { Partition } from "@dlt/pipeline";
import { shop, shopPipeline } from "./shop.js";

// Gets partitions as messages and answers with their manifests: plain JSON, there and back.
const p = shopPipeline();
process.on("message", (partition: Partition) => {
  void p.runPartition(partition, shop()).then((manifest) => process.send?.(manifest));
});
process.send?.("ready");
