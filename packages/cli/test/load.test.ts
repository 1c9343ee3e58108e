import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { newProject } from "./project.js";

test("rows from a pipe: JSON lines, a JSON array and CSV, compressed or not", async () => {
  const { dlt } = await newProject();
  const lines = await dlt(["load", "-", "--table", "events"], {
    input: '{"id":1,"tags":["x"]}\n{"id":2,"price":1.0}\n',
  });
  expect(lines).toMatchObject({ code: 0, err: "" });
  expect(lines.out).toContain("  events            2\n  └─ events__tags   1\n");
  expect(lines.out).toContain("Look at the rows: dlt pipeline events show\n");
  const array = await dlt(["load", "-", "--table", "events", "--json"], { input: gzipSync('[{"id":3},{"id":4}]') });
  expect(JSON.parse(array.out)).toMatchObject({ row_counts: { events: 2 } });
  const csv = 'id,zip,price,ok,note\n1,01234,2,true,"a, b"\n2,11111,1.5,FALSE,\n';
  const merge = ["--write-disposition", "merge", "--primary-key", "id"];
  await dlt(["load", "-", "--table", "orders", ...merge], { input: csv });
  await dlt(["load", "-", "--table", "orders", ...merge], { input: csv });
  const shown = await dlt(["pipeline", "orders", "show", "orders", "--json"]);
  expect(JSON.parse(shown.out)).toMatchObject([
    { id: expect.anything(), zip: "01234", price: 2, ok: true, note: "a, b" },
    { zip: "11111", price: 1.5, ok: false, note: null },
  ]);
});

test("a file, into a database that is named; a plan loads nothing", async () => {
  const { dlt, write } = await newProject();
  await write("people.tsv", "id\tname\n1\tAda\n");
  const where = [
    "--table",
    "people",
    "--credentials",
    "shop.duckdb",
    "--dataset-name",
    "data",
    "--pipeline-name",
    "shop",
  ];
  const planned = await dlt(["load", "people.tsv", ...where, "--plan"]);
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining("people (new table): id bigint, name text") });
  const loaded = await dlt(["load", "people.tsv", ...where, "--all-text", "--json"]);
  expect(JSON.parse(loaded.out)).toMatchObject({ dataset_name: "data", row_counts: { people: 1 } });
  const schema = await dlt(["pipeline", "shop", "schema", "--json"]);
  expect(JSON.parse(schema.out)).toMatchObject({ tables: { people: { columns: { id: { data_type: "text" } } } } });
});

const uneven =
  /^Error CLI:INPUT_UNREADABLE: [^]*The text cannot be read as columns at line 2: it has another number of fields than the first line\.\n[^]*Correct the line: each has as many fields as the first/;
const absentFile =
  /^Error CLI:INPUT_UNREADABLE: `none\.csv` cannot be read: ENOENT[^\n]*\nCheck the path, and whether the file is whole\./;

test("what cannot be read is refused, and none of it is loaded", async () => {
  const { dlt } = await newProject();
  const secret = "hunter2";
  const cut = await dlt(["load", "-", "--table", "bad"], { input: `{"password":"${secret}"` });
  expect(cut).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^Error JSON_TEXT_CUT: /) });
  const unevenText = await dlt(["load", "-", "--table", "bad"], { input: `a,b\n${secret}\n` });
  expect(unevenText).toMatchObject({ code: 1, err: expect.stringMatching(uneven) });
  expect(cut.err + unevenText.err).not.toContain(secret);
  const absent = await dlt(["load", "none.csv", "--table", "bad"]);
  expect(absent).toMatchObject({ code: 1, err: expect.stringMatching(absentFile) });
  const usage = await dlt(["load", "-"]);
  expect(usage).toMatchObject({ code: 1, out: "", err: expect.stringContaining("--table <name>") });
});
