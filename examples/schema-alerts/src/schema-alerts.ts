// Every new column is told to a channel of Slack, and so is a run that fails.
import { duckdb } from "@dlt/destination-duckdb";
import { isDltError, pipeline, resource, sendSlackMessage } from "@dlt/pipeline";
import { slackServer } from "./slack.js";

const { hook, close } = await slackServer(); // In place of Slack: yours is in `[runtime] slack_incoming_hook`, which is `p.slackHook`.

await using p = pipeline({
  pipelineName: "schema_alerts",
  destination: duckdb(),
  datasetName: "shop",
  hooks: {
    async onSchemaChange({ tables }) {
      for (const [table, { columns }] of Object.entries(tables)) {
        for (const { name, dataType } of Object.values(columns)) {
          if (!name.startsWith("_dlt")) await sendSlackMessage(hook, `Table ${table}: column ${name}: ${dataType}`);
        }
      }
    },
    async onError(error, { pipeline }) {
      const code = isDltError(error) ? error.code : "an error";
      await sendSlackMessage(hook, `Pipeline ${pipeline.pipelineName} failed: ${code}`);
    },
  },
});

const orders = (rows: readonly object[]) =>
  resource({ name: "orders", primaryKey: "id", writeDisposition: "merge" }, () => rows);

console.log("Monday");
await p.run(orders([{ id: 1, total: 40 }]));
console.log("Tuesday: nothing new");
await p.run(orders([{ id: 2, total: 25 }]));
console.log("Wednesday: a column, and a list");
await p.run(orders([{ id: 3, total: 12, coupon: "SPRING", lines: [{ sku: "a1" }] }]));
console.log("Thursday: the shop is closed");
const closed = resource({ name: "orders" }, () => {
  throw new Error("connection refused");
});
await p.run(closed).catch(() => undefined); // The program goes on; usually it ends here.
close();
