import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Partition, PartitionManifest } from "@dlt/pipeline";
import { shop, shopPipeline } from "./shop.js";

// The driver: plans, hands the partitions out to two processes, commits. A queue or a workflow engine would do the same.
const p = shopPipeline();
await p.drop({ dataset: true }); // so that every start begins with nothing

const plan = await p.plan(shop(), { exchange: "partitions-exchange" });
console.log(`${plan.partitions.length} partitions:`);
for (const { index, resources, range } of plan.partitions)
  console.log(`  ${index}: ${resources.join(", ")} ${range === undefined ? "" : JSON.stringify(range)}`);

const waiting = [...plan.partitions];
const manifests: PartitionManifest[] = [];
await Promise.all([work(), work()]);

const info = await p.commit(manifests);
console.log(`\n${String(info)}`);

await using sql = await p.sqlClient();
assert.deepEqual(info.rowCounts, { orders: 90, orders__lines: 180, stores: 2 });
assert.deepEqual(await sql.executeSql("SELECT count(DISTINCT id), min(id), max(id) FROM orders"), [[90, 1, 90]]);
assert.deepEqual(await sql.executeSql("SELECT count(*) FROM _dlt_loads"), [[1]]);
assert.equal((await p.commit(manifests)).alreadyLoaded, true); // a second time loads nothing
assert.equal((await p.run(shop())).rowCounts["orders"], undefined); // and a run knows where the partitions stopped

/** A process that does one partition after the other, as long as there are some. */
async function work(): Promise<void> {
  const worker = fork(fileURLToPath(new URL("./worker.ts", import.meta.url)));
  worker.once("exit", (code) => assert.equal(code, 0));
  await once(worker, "message"); // it is ready
  for (let partition = waiting.shift(); partition !== undefined; partition = waiting.shift()) {
    worker.send(partition satisfies Partition);
    const [manifest] = (await once(worker, "message")) as [PartitionManifest];
    manifests.push(manifest);
  }
  worker.disconnect();
}
