import type { ColumnSchema } from "@dlt/core";
import { newDatabase } from "@dlt/test-servers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chainOf,
  completed,
  formatNames,
  loadFile,
  newFolder,
  openClient,
  plan,
  query,
  run,
  table,
} from "./support.js";

const hostile = [
  "select",
  'a"b',
  "it's",
  'x"; DROP SCHEMA public CASCADE; --',
  "'); DROP TABLE users; --",
  "back\\slash",
  "%s %% ?",
  "$1 $$",
  "-- comment",
  "/* open",
  "a.b",
  "line\nbreak",
  "comma,quote'",
  "zażółć 😀",
  " spaces ",
  "▶",
  "{}",
];

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

describe.each(hostile)("the name %j", (name) => {
  it("can be that of a dataset, a table, a column, a load, a schema and a pipeline", async () => {
    const client = await openClient({ dataset: name });
    const columns: readonly ColumnSchema[] = [
      { name, dataType: "bigint", primaryKey: true },
      { name: `${name} text`, dataType: "binary" },
    ];
    const target = table(name, columns, { writeDisposition: "merge", mergeStrategy: "delete-insert" });
    const load = plan([target], {
      loadId: name,
      schemaName: name,
      schemaHash: name,
      schema: name,
      staged: [name],
      truncate: [name],
    });
    await client.prepare(load);
    const rows = [{ [name]: 1, [`${name} text`]: "a" }, { [name]: 2 }];
    for (const format of formatNames)
      await run(client, await loadFile(newFolder(), target, rows, { id: format, format, loadId: `${name} before` }));
    const staged = { id: "s", loadId: name, target: "staging" } as const;
    await run(client, await loadFile(newFolder(), target, [{ [name]: 2, [`${name} text`]: "b" }], staged));
    for (const job of client.followUps?.(chainOf([target], name)) ?? []) await job.run(new AbortController().signal);
    await client.completeLoad(completed(load));

    const qualified = client.sql?.qualified(name) ?? "";
    const all = `SELECT ${quoted(name)}, convert_from(${quoted(`${name} text`)}, 'UTF8') FROM ${qualified} ORDER BY 1`;
    expect(await query(client, all)).toEqual([
      [1, "a"],
      [1, "a"],
      [1, "a"],
      [2, "b"],
    ]);
    const { state } = client;
    expect(await state?.readSchema(name)).toMatchObject({ schemaName: name, versionHash: name, schema: name });
    expect(await state?.readSchemaByHash(name)).toMatchObject({ schemaName: name });
    expect(await state?.readLastLoadId()).toBe(name);
    expect(await state?.readState(name)).toBe(null);

    // A stored type that differs takes the rows through a temporary table.
    await query(client, `ALTER TABLE ${qualified} ALTER ${quoted(name)} TYPE numeric`);
    await run(client, await loadFile(newFolder(), target, [{ [name]: 9 }], { id: "t", loadId: "another" }));
    expect(await query(client, `SELECT count(*) FROM ${qualified}`)).toEqual([[5]]);

    const grown = table(name, [...columns, { name: `${name} more`, dataType: "text" }]);
    expect(await client.explain(plan([grown], { schemaHash: "grown", drop: [name] }))).not.toEqual([]);
    await client.prepare(plan([grown], { loadId: "grown" }));
    const replaced = { ...grown, writeDisposition: "replace", replaceStrategy: "staging-optimized" } as const;
    await client.prepare(plan([replaced], { loadId: "replaced", staged: [name] }));
    const [job] = client.followUps?.(chainOf([replaced], "replaced")) ?? [];
    await job?.run(new AbortController().signal);
    expect(await query(client, `SELECT count(*) FROM ${qualified}`)).toEqual([[0]]);
    await client.prepare(plan([], { loadId: "dropped", drop: [name] }));
    expect(await state?.datasetExists()).toBe(true);
    await state?.dropDataset();
    expect(await state?.datasetExists()).toBe(false);
    expect((await query(client, "SELECT nspname FROM pg_namespace")).flat()).toContain("public");
  });

  it("is a value like any other", async () => {
    const client = await openClient();
    const target = table("t", [{ name: "a", dataType: "text" }]);
    await client.prepare(plan([target]));
    await query(client, "INSERT INTO ds.t VALUES (%s)", name);
    for (const format of formatNames)
      await run(client, await loadFile(newFolder(), target, [{ a: name }], { id: format, format }));
    expect(await query(client, "SELECT a, '%s' FROM ds.t WHERE a = %s", name)).toEqual(
      [1, 2, 3, 4].map(() => [name, "%s"]),
    );
  });
});

describe("any names", () => {
  it("come back from the database as they were given", async () => {
    const client = await openClient({ database: await newDatabase() });
    const names = fc.uniqueArray(
      fc
        .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
        .filter((name) => !name.includes("\0") && Buffer.byteLength(name) <= 60),
      { minLength: 2, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(names, async ([name = "t", ...columnNames]) => {
        const target = table(
          `t ${name}`,
          columnNames.map((column) => ({ name: column, dataType: "text" })),
        );
        await client.prepare(plan([target], { loadId: name, schemaHash: name }));
        expect(await client.explain(plan([target], { schemaHash: `${name} again` }))).toHaveLength(2);
        for (const format of formatNames) {
          const row = Object.fromEntries(columnNames.map((column) => [column, column]));
          await run(client, await loadFile(newFolder(), target, [row], { id: format, format, loadId: name }));
        }
        const described = await client.sql?.query(`SELECT * FROM ${client.sql.qualified(target.name)}`);
        expect(described?.columns).toEqual(columnNames);
        expect(described?.rows).toEqual([columnNames, columnNames, columnNames]);
        await client.state?.dropDataset();
      }),
      { numRuns: 15 },
    );
  });
});
