import { strict as assert } from "node:assert";
import { destination, pipeline, secret, setting } from "@dlt/pipeline";
import { startCrm } from "./crm-api.js";

const crm = destination(
  "crm",
  async (contacts, table, { config, batchId, signal }) => {
    const response = await fetch(`${config.url}/${table.name}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${config.apiKey.reveal()}`,
        "content-type": "application/json",
        "idempotency-key": batchId, // the same on every attempt: the API takes each batch once
      },
      body: JSON.stringify(contacts),
      signal,
    });
    if (response.ok) return;
    const error = new Error(`The CRM answered ${response.status}.`);
    // A server that is busy is asked again. A refusal stays one.
    throw Object.assign(error, { retryable: response.status === 429 || response.status >= 500 });
  },
  { config: { url: setting<string>(), apiKey: secret() }, batchSize: 100 },
);

const api = await startCrm({ key: "s3cret", isBusyAt: (request) => request === 2 });
process.env["DESTINATION__CRM__API_KEY"] = "s3cret"; // as a deployment would set it

const p = pipeline({ pipelineName: "contacts_to_crm", destination: crm({ url: api.url }) });
await p.drop(); // so that every start begins with nothing

const people = Array.from({ length: 250 }, (_, id) => ({
  id,
  name: `Person ${id}`,
  tags: ["new"],
  since: new Date(id),
}));
const info = await p.run(people, { tableName: "contacts" });
console.log(String(info));

assert.equal(api.records.length, 250); // three batches, one of them sent twice
assert.deepEqual(api.records[1], {
  id: 1,
  name: "Person 1",
  tags: ["new"], // stays in its row
  since: "1970-01-01T00:00:00.001000+00:00",
});
console.log(`The CRM has ${api.records.length} contacts, the last one is`, api.records.at(-1));
api.close();
