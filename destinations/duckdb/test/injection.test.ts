import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ColumnSchema } from "@dlt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duckdb } from "../src/index.js";
import { completed, loadFile, newFolder, openClient, plan, query, run, table, writtenFile } from "./support.js";

const hostile = [
  "select",
  'a"b',
  "it's",
  'x"; DROP SCHEMA main CASCADE; --',
  "'); DROP TABLE users; --",
  "back\\slash",
  "%s %% ?",
  "$1 $$",
  "-- comment",
  "/* open",
  "a.b",
  "line\nbreak",
  "zażółć 😀",
  " spaces ",
  "▶",
];

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

describe.each(hostile)("the name %j", (name) => {
  it("can be that of a dataset, a table, a column, a load, a schema and a pipeline", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder, dataset: name });
    const columns: readonly ColumnSchema[] = [
      { name, dataType: "bigint" },
      { name: `${name} text`, dataType: "binary" },
    ];
    const target = table(name, columns);
    const load = plan([target], {
      loadId: name,
      schemaName: name,
      schemaHash: name,
      schema: name,
      staged: [name],
      truncate: [name],
    });
    await client.prepare(load);
    const select = `SELECT 1::BIGINT AS ${quoted(name)}`;
    const text = `, 'YQ==' AS ${quoted(`${name} text`)}`;
    await run(client, await loadFile(folder, target, select, { id: "1", loadId: name }));
    await run(client, await loadFile(folder, target, select + text, { id: "2", loadId: name, format: "jsonl" }));
    await run(client, await loadFile(folder, target, select + text, { id: "3", loadId: name, format: "csv" }));
    const offsets = Int32Array.of(0, 1);
    const bytes = {
      layout: "bytes",
      type: { dataType: "binary" },
      validity: null,
      offsets,
      data: Uint8Array.of(0x62),
    } as const;
    const batch = { rowCount: 1, columns: [{ ...bytes, name: `${name} text` }] };
    const [insertValues] = duckdb().fileFormats ?? [];
    if (insertValues === undefined) throw new Error("The destination brings a format.");
    await run(client, { ...(await writtenFile(insertValues, { target, batch })), loadId: name });
    await client.completeLoad(completed(load));

    const qualified = client.sql?.qualified(name) ?? "";
    expect(
      await query(client, `SELECT ${quoted(name)}, ${quoted(`${name} text`)}::VARCHAR FROM ${qualified} ORDER BY ALL`),
    ).toEqual([
      [1, "YQ=="],
      [1, "a"],
      [1, null],
      [null, "b"],
    ]);
    const { state } = client;
    expect(await state?.readSchema(name)).toMatchObject({ schemaName: name, versionHash: name, schema: name });
    expect(await state?.readSchemaByHash(name)).toMatchObject({ schemaName: name });
    expect(await state?.readLastLoadId()).toBe(name);
    expect(await state?.readState(name)).toBe(null);
    const grown = table(name, [...columns, { name: `${name} more`, dataType: "text" }]);
    expect(await client.explain(plan([grown], { schemaHash: "grown", drop: [name] }))).not.toEqual([]);
    await client.prepare(plan([grown], { loadId: "grown" }));
    await client.prepare(plan([], { loadId: "dropped", drop: [name] }));
    expect(await state?.datasetExists()).toBe(true);
    await state?.dropDataset();
    expect(await state?.datasetExists()).toBe(false);
    expect(
      await query(
        client,
        "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = current_database()",
      ),
    ).toContainEqual(["main"]);
  });

  it("can be that of a file", async () => {
    const folder = newFolder();
    const fileName = `${name.replace(/[?/]/g, "")}.duckdb`;
    const client = await openClient({ localDir: folder, credentials: { database: fileName } });
    const users = table("users", [{ name: "id", dataType: "bigint" }]);
    await client.prepare(plan([users]));
    expect(existsSync(join(folder, fileName))).toBe(true);
    expect(await query(client, "SELECT count(*) FROM users")).toEqual([[0]]);
  });

  it("is a value like any other", async () => {
    const client = await openClient({ localDir: newFolder(), credentials: { localConfig: { errors_as_json: false } } });
    await client.prepare(plan([table("t", [{ name: "a", dataType: "text" }])]));
    await client.sql?.executeSql("INSERT INTO t VALUES (%s)", name);
    expect(await client.sql?.executeSql("SELECT a, '%s' FROM t WHERE a = %s", name)).toEqual([[name, "%s"]]);
  });
});

describe("any names", () => {
  it("come back from the database as they were given", async () => {
    const client = await openClient({ localDir: newFolder() });
    const names = fc.uniqueArray(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((name) => !name.includes("\0")),
      {
        minLength: 2,
        maxLength: 6,
        selector: (name) => name.toLowerCase(),
      },
    );
    await fc.assert(
      fc.asyncProperty(names, async ([name = "t", ...columnNames]) => {
        const target = table(
          `t ${name}`,
          columnNames.map((column) => ({ name: column, dataType: "text" })),
        );
        await client.prepare(plan([target], { loadId: name, schemaHash: name }));
        expect(await client.explain(plan([target], { schemaHash: `${name} again` }))).toHaveLength(2);
        const described = await client.sql?.query(`SELECT * FROM ${client.sql.qualified(target.name)}`);
        expect(described?.columns).toEqual(columnNames);
        await client.state?.dropDataset();
      }),
      { numRuns: 15 },
    );
  });
});
