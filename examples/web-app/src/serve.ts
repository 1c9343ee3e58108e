import { duckdb } from "@dlt/destination-duckdb";
import { pipeline } from "@dlt/pipeline";
import { orders } from "./orders.js";
import { webApp } from "./server.js";

const p = pipeline({
  pipelineName: "web_app",
  destination: duckdb({ credentials: "web-app.duckdb" }),
  datasetName: "shop",
});
const app = webApp(p, () => orders(50_000));
console.log(`Open ${await app.listen({ port: Number(process.env["PORT"] ?? 3000) })}`);
