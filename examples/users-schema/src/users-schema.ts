import { strict as assert } from "node:assert";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource, type SchemaContractHint } from "@dlt/pipeline";
import { z } from "zod";

const user = z.object({
  id: z.int(),
  email: z.email(),
  joined: z.iso.date(),
  phone: z.string().optional(),
});

// What the API sends: the second user has a field that nobody described, the third an address that is none.
const response = [
  { id: 1, email: "ada@example.org", joined: "2026-01-05" },
  { id: 2, email: "bob@example.org", joined: "2026-01-06", phone: "555 0100", nickname: "Bobby" },
  { id: 3, email: "cleo at example.org", joined: "2026-01-07" },
];

const users = (schemaContract: SchemaContractHint) =>
  resource({ name: "users", columns: user, schemaContract }, () => response)
    // Steps see rows under the type of the schema, before they are held to it: `row.nickname` would not compile.
    .addFilter((row) => row.phone !== "");

/** What one contract makes of the three users: the rows that are loaded, or why the run failed. */
async function loaded(contract: SchemaContractHint): Promise<readonly string[]> {
  const p = pipeline({
    pipelineName: "users_schema",
    destination: duckdb({ credentials: "users-schema.duckdb" }),
    datasetName: "crm",
  });
  await p.drop({ dataset: true }); // so that every contract begins with nothing
  try {
    await p.run(users(contract));
  } catch (error) {
    return [(error as Error).message.split("\n")[0] ?? ""];
  }
  await using sql = await p.sqlClient();
  const { rows } = await sql.query("SELECT * EXCLUDE (_dlt_load_id, _dlt_id) FROM users ORDER BY id");
  return rows.map((row) => row.map((value) => value ?? "null").join(", "));
}

const results = new Map<string, readonly string[]>();
for (const contract of [
  { columns: "freeze", dataType: "discard_row" },
  { columns: "discard_row", dataType: "discard_row" },
  { columns: "discard_value", dataType: "discard_row" },
  { columns: "evolve", dataType: "discard_row" },
  { columns: "discard_value", dataType: "freeze" },
  { columns: "discard_value", dataType: "evolve" },
] as const) {
  const rule = `columns: ${contract.columns}, dataType: ${contract.dataType}`;
  const result = await loaded(contract);
  results.set(rule, result);
  console.log(`${rule}\n${result.map((line) => `  ${line}\n`).join("")}`);
}

const at = (rule: string) => results.get(rule) ?? [];
const ada = "1, ada@example.org, 2026-01-05, null";
const bob = "2, bob@example.org, 2026-01-06, 555 0100";
assert.match(String(at("columns: freeze, dataType: discard_row")), /column `nickname` not found in the schema/);
assert.deepEqual(at("columns: discard_row, dataType: discard_row"), [ada]);
assert.deepEqual(at("columns: discard_value, dataType: discard_row"), [ada, bob]);
assert.deepEqual(at("columns: evolve, dataType: discard_row"), [`${ada}, null`, `${bob}, Bobby`]);
assert.match(String(at("columns: discard_value, dataType: freeze")), /row 3: .*column `email` does not fit/);
assert.deepEqual(at("columns: discard_value, dataType: evolve"), [
  ada,
  bob,
  "3, cleo at example.org, 2026-01-07, null",
]);
