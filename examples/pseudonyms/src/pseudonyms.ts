import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { duckdb } from "@dlt/destination-duckdb";
import { pipeline, resource } from "@dlt/pipeline";

interface Patient {
  name: string;
  ward: string;
  birth: string;
  temperature: string;
  note: string;
}

const patients = resource({ name: "patients" }, async function* () {
  yield [
    { name: "Ada Byron", ward: "A", birth: "1815-12-10", temperature: "36.6", note: "likes engines" },
    { name: "Bob Smith", ward: "B", birth: "1950-03-01", temperature: "38.25", note: "call the family" },
  ] satisfies Patient[];
  yield [{ name: "Ada Byron", ward: "B", birth: "1815-12-10", temperature: "37.1", note: "moved" }] satisfies Patient[];
});

// Without the salt nobody can try names and compare the hashes. Keep it where passwords are kept, not in the code.
const salt = process.env["PSEUDONYM_SALT"] ?? "only for this example";

/** The same for the same name, so that rows still belong together. */
const pseudonym = (name: string): string => createHash("sha256").update(salt).update(name).digest("hex");

const pseudonymized = patients
  .addMap(({ name, note: _, birth, ...row }) => ({ patient_id: pseudonym(name), birth_date: birth, ...row }))
  .applyHints({
    tableName: "measurements",
    columns: {
      patient_id: { dataType: "text", precision: 64, nullable: false, description: "Salted SHA-256 of the name" },
      birth_date: { dataType: "date" },
      temperature: { dataType: "decimal", precision: 4, scale: 2 },
    },
  });

const p = pipeline({
  pipelineName: "pseudonyms",
  destination: duckdb({ credentials: "pseudonyms.duckdb" }),
  datasetName: "clinic",
});
await p.drop({ dataset: true }); // so that every start begins with nothing
await p.run(pseudonymized);

await using sql = await p.sqlClient();
const { rows } = await sql.query(
  "SELECT left(patient_id, 8) || '…', ward, CAST(birth_date AS TEXT), CAST(temperature AS TEXT) FROM measurements ORDER BY birth_date, ward",
);
console.table(rows);

const columns = await sql.executeSql(
  "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'clinic' AND table_name = 'measurements' AND column_name NOT LIKE '_dlt%' ORDER BY column_name",
);
assert.deepEqual(columns, [
  ["birth_date", "DATE"],
  ["patient_id", "VARCHAR"],
  ["temperature", "DECIMAL(4,2)"],
  ["ward", "VARCHAR"],
]);
const ada = `${pseudonym("Ada Byron").slice(0, 8)}…`;
const bob = `${pseudonym("Bob Smith").slice(0, 8)}…`;
assert.deepEqual(rows, [
  [ada, "A", "1815-12-10", "36.60"],
  [ada, "B", "1815-12-10", "37.10"],
  [bob, "B", "1950-03-01", "38.25"],
]);
