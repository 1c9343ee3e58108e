import { strict as assert } from "node:assert";
import { readdir, readFile, rm } from "node:fs/promises";
import { pipeline } from "@dlt/pipeline";
import { jsonFolder } from "./json-folder.js";

const p = pipeline({
  pipelineName: "own_destination",
  destination: jsonFolder({ path: "lake.data" }),
  datasetName: "zoo",
});
await p.drop();
await rm("lake.data", { recursive: true, force: true }); // so that every start begins with nothing

await p.run([{ id: 1, name: "Rex", tags: ["dog"] }], { tableName: "animals" });
console.log(String(await p.run([{ id: 2, name: "Tom", tags: ["cat", "grey"] }], { tableName: "animals" })));
assert.deepEqual(await names("animals"), ["Rex", "Tom"]);
assert.equal((await readdir("lake.data/zoo/_dlt_loads")).length, 2);

await p.run([{ id: 3, name: "Ed", tags: [] }], { tableName: "animals", writeDisposition: "replace" });
assert.deepEqual(await names("animals"), ["Ed"]);
assert.deepEqual(await names("animals__tags"), []);

async function names(table: string): Promise<readonly unknown[]> {
  const files = (await readdir(`lake.data/zoo/${table}`)).sort();
  const texts = await Promise.all(files.map((file) => readFile(`lake.data/zoo/${table}/${file}`, "utf8")));
  const lines = texts
    .join("")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => (JSON.parse(line) as { name?: unknown }).name);
}
