import { duckdb } from "@dlt/destination-duckdb";
import { describe, expect, test } from "vitest";
import { type NamingRules, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

/** Upper case, and `X` for what SQL would want in quotes. */
const loud: NamingRules = {
  caseSensitive: false,
  separator: "__",
  normalize: (identifier) => identifier.toUpperCase().replace(/[^A-Z0-9_]/g, "X"),
};
const namingConventions = { loud };
const rows = [{ "unit price": 5, lines: [{ sku: "a" }] }];
const shop = source({ name: "store" }, () => [resource({ name: "order items", primaryKey: "unit price" }, () => rows)]);

describe("a naming convention of one's own", () => {
  test("names tables and columns, and the pipeline goes on with it", async () => {
    const machine = await newMachine();
    const options = { naming: "loud", namingConventions };
    const p = machine.pipeline(options);
    const info = await p.run(shop());
    expect(info.rowCounts).toEqual({ ORDERXITEMS: 1, ORDERXITEMS__LINES: 1 });
    expect(Object.keys(p.schemas["store"]?.tables["ORDERXITEMS"]?.columns ?? {})).toEqual([
      "UNITXPRICE",
      "_DLT_LOAD_ID",
      "_DLT_ID",
    ]);
    expect(
      await machine.query('SELECT "UNITXPRICE" AS price, "SKU" AS sku FROM "ORDERXITEMS", "ORDERXITEMS__LINES"'),
    ).toEqual([{ price: 5, sku: "a" }]);
    const again = machine.pipeline(options);
    await again.run(shop());
    expect((await again.getLoadPackageInfo(info.loadsIds[0] ?? "")).tableRows.map(({ name }) => name)).toContain(
      "ORDERXITEMS",
    );
    expect(await machine.query('SELECT count(*) AS items FROM "ORDERXITEMS"')).toEqual([{ items: 2 }]);
  });

  test("can be the destination's, or that of one schema in the configuration", async () => {
    const machine = await newMachine();
    const destination = duckdb({ credentials: machine.database, capabilities: { namingConvention: "loud" } });
    const p = machine.pipeline({ destination, namingConventions });
    await p.run(shop());
    expect(p.schemas["store"]?.normalizers.names).toBe("loud");
    const other = await newMachine();
    const runtime = { ...other.runtime, env: { SOURCES__STORE__SCHEMA__NAMING: "loud" } };
    const q = other.pipeline({ namingConventions }, runtime);
    await q.run(shop());
    await q.run(source({ name: "office" }, () => [resource({ name: "own rows" }, () => rows)])());
    expect(q.schemas["store"]?.normalizers.names).toBe("loud");
    expect(q.schemas["office"]?.normalizers.names).toBe("snake_case");
  });

  test("comes back with the schema from the destination", async () => {
    const one = await newMachine();
    const two = await newMachine({ database: one.database });
    await one.pipeline({ naming: "loud", namingConventions }).run(shop());
    const p = two.pipeline({ namingConventions, naming: "loud" });
    await p.run(shop());
    expect(await one.query('SELECT count(*) AS items FROM "ORDERXITEMS"')).toEqual([{ items: 2 }]);
  });

  test("works where rows would be normalized on threads", async () => {
    const machine = await newMachine();
    const many = resource({ name: "big rows" }, function* () {
      for (let page = 0; page < 8; page++)
        yield Array.from({ length: 1000 }, (_, row) => ({ "row id": page * 1000 + row, text: "x".repeat(400) }));
    });
    const p = machine.pipeline({ naming: "loud", namingConventions });
    const info = await p.run(many, { workers: 4 });
    expect(info.rowCounts).toEqual({ BIGXROWS: 8000 });
  });

  test("is named in the error where it is missing", async () => {
    const machine = await newMachine();
    await machine.pipeline({ naming: "loud", namingConventions }).run(shop());
    const run = machine.pipeline().run(shop());
    await expect(run).rejects.toMatchObject({
      code: "NAMING_CONVENTION_UNKNOWN",
      hint: expect.stringContaining('"loud"'),
    });
    await expect(machine.pipeline({ naming: "quiet" }).run(shop())).rejects.toMatchObject({
      code: "NAMING_CONVENTION_UNKNOWN",
    });
  });

  test("is checked when the pipeline is made", async () => {
    const machine = await newMachine();
    const growing = { ...loud, normalize: (identifier: string) => identifier.replace("a", "aa") };
    expect(() => machine.pipeline({ namingConventions: { growing } })).toThrow(
      expect.objectContaining({ code: "NAMING_CONVENTION_INVALID" }),
    );
  });
});

test("the convention of a machine counts where neither settings nor destination name one", async () => {
  const machine = await newMachine();
  const env = { DLT_DEFAULT_NAMING_MODULE: "duck_case" };
  const p = machine.pipeline({}, { ...machine.runtime, env });
  await p.extract(shop());
  expect(p.schemas["store"]?.normalizers.names).toBe("duck_case");
  const q = machine.pipeline(
    { pipelineName: "other" },
    { ...machine.runtime, env: { ...env, SCHEMA__NAMING: "direct" } },
  );
  await q.extract(shop());
  expect(q.schemas["store"]?.normalizers.names).toBe("direct");
});

describe("another naming convention", () => {
  test("is refused once tables hold data, before anything is extracted", async () => {
    const machine = await newMachine();
    await machine.pipeline().run(shop());
    const p = machine.pipeline({ naming: "duck_case" });
    const run = p.run(shop());
    await expect(run).rejects.toMatchObject({ code: "SCHEMA_IDENTIFIERS_FROZEN", step: "extract" });
    await expect(run).rejects.toThrow(/`snake_case` to `duck_case`: table `order_items`/);
    expect(await p.listExtractedLoadPackages()).toEqual([]);
    await machine.pipeline().run(shop());
    expect(await machine.query("SELECT count(*) AS items FROM order_items")).toEqual([{ items: 2 }]);
  });

  test("is taken where identifiers may change: new rows go to tables of the new names", async () => {
    const machine = await newMachine();
    await machine.pipeline().run(shop());
    const env = { SCHEMA__ALLOW_IDENTIFIER_CHANGE_ON_TABLE_WITH_DATA: "true" };
    const p = machine.pipeline({ naming: "duck_case" }, { ...machine.runtime, env });
    await p.run(shop());
    expect(p.schemas["store"]?.normalizers).toMatchObject({
      names: "duck_case",
      allowIdentifierChangeOnTableWithData: true,
    });
    expect(await machine.query('SELECT "unit price" AS price FROM "order items"')).toEqual([{ price: 5 }]);
    expect(await machine.query("SELECT unit_price AS price FROM order_items")).toEqual([{ price: 5 }]);
  });

  test("is taken while nothing was loaded", async () => {
    const machine = await newMachine();
    await machine.pipeline().extract(shop());
    await machine.pipeline().dropPending();
    const p = machine.pipeline({ naming: "duck_case" });
    await p.run(shop());
    expect(p.schemas["store"]?.normalizers.names).toBe("duck_case");
  });
});
