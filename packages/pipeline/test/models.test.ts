import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { filesystem } from "@dlt/destination-filesystem";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Hints,
  isDltError,
  type LoadInfo,
  type PipelinePoint,
  pipeline,
  resource,
  type SqlModel,
  sqlModel,
  withHints,
  withTableName,
} from "../src/index.js";
import type { Machine } from "./machine.js";
import { newMachine } from "./new-machine.js";

const orders = [
  { id: 1, customer: "ada", price: 10 },
  { id: 2, customer: "bob", price: 20 },
  { id: 3, customer: "ada", price: 5 },
];
const duck = (query: string): SqlModel => sqlModel(query, { dialect: "duckdb" });
const totals = duck("SELECT customer, sum(price)::BIGINT AS total FROM orders GROUP BY customer");

/** A machine whose dataset, in memory, has the table `orders`. */
async function machineWithOrders(): Promise<Machine> {
  const instance = await DuckDBInstance.create();
  onTestFinished(() => instance.closeSync());
  const machine = await newMachine({ instance });
  await machine.pipeline({ pipelineName: "source" }).run(orders, { tableName: "orders" });
  return machine;
}

function models(hints: Hints, ...queries: readonly SqlModel[]) {
  return resource({ name: "totals", ...hints }, () => queries);
}

async function errorOf(work: Promise<unknown>): Promise<{ readonly code: string; readonly text: string }> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isDltError(error)) throw error ?? new Error("There was no error.");
  return { code: error.code, text: `${error.message} ${inspect(error, { depth: 10 })}` };
}

const selectTotals = "SELECT * EXCLUDE (_dlt_load_id) FROM totals ORDER BY ALL";
const ada = { customer: "ada", total: 15 };
const bob = { customer: "bob", total: 20 };

function modelJobs(info: LoadInfo) {
  return info.loadPackages.flatMap(({ jobs }) => jobs.completedJobs.filter(({ fileFormat }) => fileFormat === "model"));
}

describe("rows of a query", () => {
  test("are made at the destination, in columns that the query gives, with the id of their load", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const query = duck(`
      SELECT id, customer AS "Customer Name", price / 2 AS half, price::DECIMAL(10, 2) AS "Price EUR",
        TIMESTAMP '2024-05-06 07:08:09' AS "at", now() AS made, [id] AS list
      FROM orders; -- all of them
    `);
    const info = await p.run(models({}, query));
    const loadId = info.loadPackages[0]?.loadId;
    expect(await machine.query('SELECT * EXCLUDE (made), made > "at" AS later FROM totals ORDER BY id')).toEqual(
      orders.map(({ id, customer, price }) => ({
        id,
        customer_name: customer,
        half: price / 2,
        price_eur: `${price}.00`,
        at: "2024-05-06 07:08:09",
        list: `[${id}]`,
        _dlt_load_id: loadId,
        later: true,
      })),
    );
    const [job] = modelJobs(info);
    expect(job).toMatchObject({ tableName: "totals", rowCount: 3, state: "completed" });
    expect(job?.jobId).toMatch(/^totals\.[0-9a-f]{10}\.model$/);
    expect(info.rowCounts).toMatchObject({ totals: 3 });
    const columns = Object.values(p.defaultSchema?.tables["totals"]?.columns ?? {});
    expect(
      columns.map(({ name, dataType, precision, scale, timezone }) => [name, dataType, precision, scale, timezone]),
    ).toEqual([
      ["id", "bigint", undefined, undefined, undefined],
      ["customer_name", "text", undefined, undefined, undefined],
      ["half", "double", undefined, undefined, undefined],
      ["price_eur", "decimal", 10, 2, undefined],
      ["at", "timestamp", undefined, undefined, false],
      ["made", "timestamp", undefined, undefined, undefined],
      ["list", "json", undefined, undefined, undefined],
      ["_dlt_load_id", "text", 64, undefined, undefined],
    ]);
    expect(Object.keys(info.loadPackages[0]?.schemaUpdate["totals"]?.columns ?? {})).toEqual(
      columns.map(({ name }) => name),
    );
  });

  test("leave the schema as it is when they come again, and extend it by new columns", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.run(models({}, totals));
    const { versionHash } = p.defaultSchema ?? {};
    const again = await p.run(models({}, totals));
    expect(p.defaultSchema?.versionHash).toBe(versionHash);
    expect(again.loadPackages[0]?.schemaUpdate).toEqual({});
    const grown = await p.run(models({}, duck("SELECT customer, max(price) AS most FROM orders GROUP BY customer")));
    expect(Object.keys(grown.loadPackages[0]?.schemaUpdate["totals"]?.columns ?? {})).toEqual(["most"]);
    expect(await machine.query("SELECT customer, total, most FROM totals ORDER BY ALL")).toEqual([
      { customer: "ada", total: 15, most: null },
      { customer: "ada", total: 15, most: null },
      { customer: "ada", total: null, most: 10 },
      { customer: "bob", total: 20, most: null },
      { customer: "bob", total: 20, most: null },
      { customer: "bob", total: null, most: 20 },
    ]);
  });

  test("are in a load file as one SELECT under the names of the table", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.extract(models({}, duck('SELECT 1 AS "The Key", 2 AS x -- nothing')));
    await p.normalize();
    const [loadId = ""] = await p.listNormalizedLoadPackages();
    const folder = join((await p.getLoadPackageInfo(loadId)).packagePath, "files");
    const [name = ""] = (await readdir(folder)).filter((each) => each.endsWith(".model"));
    expect(await readFile(join(folder, name), "utf8")).toBe(
      'dialect: duckdb\nSELECT "_0" AS "the_key", "_1" AS "x" FROM (\nSELECT 1 AS "The Key", 2 AS x -- nothing\n) AS "_dlt_query" ("_0", "_1")\n',
    );
  });

  test("stand beside rows of the same table, which has ids of rows", async () => {
    const machine = await machineWithOrders();
    const info = await machine.pipeline().run(
      resource({ name: "totals" }, function* () {
        yield [{ customer: "cy", total: 1 }];
        yield totals;
        yield withTableName(duck("SELECT 1 AS n"), "others");
        yield [{ customer: "dee", total: 2 }];
      }),
    );
    expect(await machine.query("SELECT customer, total FROM totals ORDER BY ALL")).toEqual([
      ada,
      bob,
      { customer: "cy", total: 1 },
      { customer: "dee", total: 2 },
    ]);
    const counted = "SELECT count(DISTINCT _dlt_id) AS ids, count(DISTINCT _dlt_load_id) AS loads FROM totals";
    expect(await machine.query(counted)).toEqual([{ ids: 4, loads: 1 }]);
    expect(await machine.query("SELECT n FROM others")).toEqual([{ n: 1 }]);
    expect(modelJobs(info)).toHaveLength(2);
  });

  test("go into columns that are declared, as far as they fit", async () => {
    const machine = await machineWithOrders();
    const columns = { total: { dataType: "decimal", precision: 20, scale: 3 }, note: { dataType: "text" } } as const;
    await machine.pipeline().run(models({ columns }, totals));
    expect(await machine.query("SELECT customer, total, note FROM totals ORDER BY ALL")).toEqual([
      { customer: "ada", total: "15.000", note: null },
      { customer: "bob", total: "20.000", note: null },
    ]);
    const text = { total: { dataType: "text" } } as const;
    const refused = machine
      .pipeline({ pipelineName: "other" })
      .run(withHints(totals, { columns: text }), { tableName: "texts" });
    expect(await errorOf(refused)).toMatchObject({ code: "COLUMN_TYPE_DIFFERS" });
  });

  test.each([
    [{ NORMALIZE__MODEL_NORMALIZER__ADD_DLT_LOAD_ID: "false" }, ["customer", "total"]],
    [{ NORMALIZE__MODEL_NORMALIZER__ADD_DLT_ID: "true" }, ["customer", "total", "_dlt_load_id", "_dlt_id"]],
  ])("have the columns of the library that are asked for: %o", async (env, expected) => {
    const machine = await machineWithOrders();
    const p = machine.pipeline({}, { ...machine.runtime, env });
    await p.run(models({}, totals));
    expect(Object.keys(p.defaultSchema?.tables["totals"]?.columns ?? {})).toEqual(expected);
    expect(await machine.query("SELECT customer, total FROM totals ORDER BY ALL")).toEqual([ada, bob]);
  });

  test("keep ids that the query gives, but for the one of the load", async () => {
    const machine = await machineWithOrders();
    const info = await machine.pipeline().run(models({}, duck("SELECT id, _dlt_id, _dlt_load_id FROM orders")));
    expect(
      await machine.query(
        "SELECT count(*) AS n, any_value(t._dlt_load_id) AS load FROM totals t JOIN orders USING (id, _dlt_id)",
      ),
    ).toEqual([{ n: 3, load: info.loadPackages[0]?.loadId }]);
  });
});

describe("a query into a table that is", () => {
  test.each(["truncate-and-insert", "insert-from-staging"])(
    "replaced by %s has the rows of the last load",
    async (strategy) => {
      const machine = await machineWithOrders();
      const env = { DESTINATION__REPLACE_STRATEGY: strategy };
      const p = machine.pipeline({}, { ...machine.runtime, env });
      await p.run(models({ writeDisposition: "replace" }, totals));
      await p.run(models({ writeDisposition: "replace" }, totals));
      expect(await machine.query(selectTotals)).toEqual([ada, bob]);
      await p.run(models({ writeDisposition: "replace" }));
      expect(await machine.query(selectTotals)).toEqual([]);
    },
  );

  test.each([
    ["delete-insert", [{ customer: "ada", total: 1 }, bob]],
    ["upsert", [{ customer: "ada", total: 1 }, bob]],
    ["insert-only", [ada, bob]],
  ] as const)("merged by %s has each key once", async (strategy, expected) => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const hints: Hints = { primaryKey: "customer", writeDisposition: { disposition: "merge", strategy } };
    await p.run(models(hints, totals));
    await p.run(models(hints, duck("SELECT 'ada' AS customer, 1 AS total")));
    expect(await machine.query(selectTotals)).toEqual(expected);
  });

  test("a history needs the version of its rows", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const history = (rowVersionColumnName?: string): Hints => ({
      writeDisposition: {
        disposition: "merge",
        strategy: "scd2",
        ...(rowVersionColumnName !== undefined && { rowVersionColumnName }),
      },
    });
    expect(await errorOf(p.run(models(history(), totals)))).toMatchObject({ code: "MODEL_ROW_ID_MISSING" });
    const versioned = (total: number) =>
      duck(`SELECT 'ada' AS customer, ${total} AS total, md5('ada ' || ${total}) AS version`);
    for (const total of [1, 2, 2]) await p.run(models(history("version"), versioned(total)));
    expect(await machine.query("SELECT total, _dlt_valid_to IS NULL AS active FROM totals ORDER BY total")).toEqual([
      { total: 1, active: false },
      { total: 2, active: true },
    ]);
  });

  test("has ids that the query cannot make is refused", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const hints: Hints = { primaryKey: "customer", writeDisposition: { disposition: "merge", strategy: "upsert" } };
    await p.run(resource({ name: "totals", ...hints }, () => [ada]));
    expect(await errorOf(p.run(models(hints, totals)))).toMatchObject({ code: "MODEL_ROW_ID_MISSING" });
  });
});

describe("a contract", () => {
  const wider = duck("SELECT customer, 1 AS total, 'x' AS extra FROM orders");

  test("that freezes columns refuses new ones of a query, and nothing is kept", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.run(models({ schemaContract: { columns: "freeze" } }, totals));
    expect(await errorOf(p.run(models({ schemaContract: { columns: "freeze" } }, wider)))).toMatchObject({
      code: "SCHEMA_CONTRACT_COLUMN",
    });
    expect(await p.listExtractedLoadPackages()).toEqual([]);
    expect(await machine.query(selectTotals)).toEqual([ada, bob]);
  });

  test("that discards rows leaves out those of such a query", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.run(models({ schemaContract: { columns: "discard_row" } }, totals));
    const info = await p.run(models({ schemaContract: { columns: "discard_row" } }, wider));
    expect(modelJobs(info)).toEqual([]);
    expect(await machine.query(selectTotals)).toEqual([ada, bob]);
  });

  test("that discards values leaves out the columns", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.run(models({ schemaContract: { columns: "discard_value" } }, totals));
    await p.run(models({ schemaContract: { columns: "discard_value" } }, wider));
    expect(await machine.query("SELECT count(*) AS n FROM totals")).toEqual([{ n: 5 }]);
    expect(Object.keys((await machine.query("SELECT * FROM totals LIMIT 1"))[0] ?? {})).toEqual([
      "customer",
      "total",
      "_dlt_load_id",
    ]);
  });

  test.each([
    ["freeze", "SCHEMA_CONTRACT_DATA_TYPE"],
    ["evolve", "COLUMN_TYPE_DIFFERS"],
  ] as const)("that has `dataType: %s` refuses another type: %s", async (dataType, code) => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    await p.run(models({}, totals));
    const other = duck("SELECT customer, 'much' AS total FROM orders");
    expect(await errorOf(p.run(models({ schemaContract: { dataType } }, other)))).toMatchObject({ code });
  });

  test("that refuses the rows of a query has no place for them among rejected rows", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline({ rejects: "discarded" });
    await p.run(models({ schemaContract: { columns: "discard_row" } }, totals));
    expect(await errorOf(p.run(models({ schemaContract: { columns: "discard_row" } }, wider)))).toMatchObject({
      code: "PAGE_WITHOUT_ROWS",
    });
  });
});

describe("a query is refused, without a word of it, when it", () => {
  test.each([
    ["has several statements", "SELECT 's3cret' AS a; SELECT 1", "MODEL_QUERY_INVALID"],
    ["changes something", "DELETE FROM orders WHERE customer = 's3cret'", "MODEL_QUERY_INVALID"],
    ["writes a file", "COPY (SELECT 's3cret') TO 's3cret.csv'", "MODEL_QUERY_INVALID"],
    ["is no SQL", "SELECT 'a' 's3cret' FROM", "MODEL_QUERY_INVALID"],
    ["has parameters", "SELECT ? AS a, 's3cret' AS b", "MODEL_QUERY_INVALID"],
    ["reads what is not there", "SELECT 's3cret' AS a\nFROM\n  nothing", "MODEL_QUERY_INVALID"],
    ["names a column that is not there", 'SELECT "s3cret" FROM orders', "MODEL_QUERY_INVALID"],
    ["does not go between parentheses", "SELECT 's3cret' AS a) AS b, (SELECT 1", "MODEL_QUERY_INVALID"],
    ["is a comment", "-- s3cret", "MODEL_QUERY_INVALID"],
    ["reads a file that is not there", "SELECT * FROM 's3cret.parquet'", "DESTINATION_STATEMENT_FAILED"],
    ["has a column twice", "SELECT 's3cret' AS a, 2 AS \"A\"", "COLUMN_NAMES_COLLIDE"],
  ])("%s", async (_, query, code) => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const error = await errorOf(p.run(models({}, duck(query))));
    expect(error.code).toBe(code);
    expect(error.text).not.toContain("s3cret");
    expect(await p.listExtractedLoadPackages()).toEqual([]);
    expect(await machine.query("SELECT count(*) AS n FROM orders")).toEqual([{ n: 3 }]);
  });

  test("fails while it is run", async () => {
    const machine = await machineWithOrders();
    const error = await errorOf(
      machine.pipeline().run(models({}, duck("SELECT error('s3cret ' || customer) AS a FROM orders"))),
    );
    expect(error.code).toBe("LOAD_PACKAGE_FAILED");
    expect(error.text).not.toContain("s3cret");
  });

  test("is in another dialect", async () => {
    const machine = await machineWithOrders();
    const error = await errorOf(
      machine.pipeline().run(models({}, sqlModel("SELECT 's3cret'", { dialect: "postgres" }))),
    );
    expect(error.code).toBe("MODEL_DIALECT_UNSUPPORTED");
    expect(error.text).toContain("postgres");
    expect(error.text).not.toContain("s3cret");
  });

  test("names the table that is missing, and the line", async () => {
    const machine = await machineWithOrders();
    const { text } = await errorOf(machine.pipeline().run(models({}, duck("SELECT 1 AS a\nFROM\n  nothing"))));
    expect(text).toContain("`nothing`");
    expect(text).toContain("line 3");
  });

  test("goes to files", async () => {
    const machine = await newMachine();
    const destination = filesystem({ bucketUrl: join(machine.folder, "bucket") });
    expect(await errorOf(machine.pipeline({ destination }).run(models({}, totals)))).toMatchObject({
      code: "DESTINATION_FORMAT_UNSUPPORTED",
    });
  });

  test("is extracted for a destination that is not known", async () => {
    const { pipelinesDir, runtime } = await newMachine();
    const p = pipeline({ pipelineName: "later", pipelinesDir }, runtime);
    expect(await errorOf(p.extract(models({}, totals)))).toMatchObject({ code: "MODEL_DESTINATION_MISSING" });
  });

  test("has no table, or a step looks into it", async () => {
    const machine = await newMachine();
    const p = machine.pipeline();
    expect(await errorOf(p.run(totals))).toMatchObject({ code: "RESOURCE_NAME_MISSING" });
    const filtered = models({}, totals).addFilter(() => true);
    expect(await errorOf(p.run(filtered))).toMatchObject({ code: "PAGE_WITHOUT_ROWS" });
  });
});

describe("rows of a query are there once", () => {
  test.each([
    "extract.package.committed",
    "normalize.package.committed",
    "load.prepared",
    "load.job.started",
    "load.job.finished",
    "load.job.recorded",
    "load.completed",
  ] as const)("when a run dies at %s", async (point) => {
    const machine = await machineWithOrders();
    let hasDied = false;
    const reached = (at: PipelinePoint): void => {
      hasDied ||= at === point;
      if (hasDied) throw new Error("died");
    };
    const data = models({}, totals, duck("SELECT 'cy' AS customer, 1 AS total"));
    await expect(machine.pipeline({}, { ...machine.runtime, reached }).run(data)).rejects.toThrow("died");
    await machine.pipeline().run();
    expect(await machine.query(selectTotals)).toEqual([ada, bob, { customer: "cy", total: 1 }]);
  });

  test("when they come in epochs", async () => {
    const machine = await machineWithOrders();
    const info = await machine.pipeline().run(
      resource({ name: "totals" }, async function* ({ state, checkpoint }) {
        for (let n = 0; n < 3; n++) {
          yield duck(`SELECT ${n} AS n`);
          state["n"] = n;
          checkpoint();
        }
      }),
      { checkpoint: { everyBytes: 1 } },
    );
    expect(info.loadPackages.length).toBeGreaterThan(1);
    expect(
      await machine.query(
        "SELECT n, l.status FROM totals t JOIN _dlt_loads l ON t._dlt_load_id = l.load_id ORDER BY n",
      ),
    ).toEqual([0, 1, 2].map((n) => ({ n, status: 0 })));
  });

  test("when they come from a partition", async () => {
    const machine = await machineWithOrders();
    const p = machine.pipeline();
    const exchange = join(machine.folder, "exchange");
    const { partitions } = await p.plan(models({}, totals), { exchange });
    const manifests = await Promise.all(
      partitions.map((partition) => machine.pipeline().runPartition(partition, models({}, totals))),
    );
    await p.commit(manifests);
    expect(await machine.query(selectTotals)).toEqual([ada, bob]);
  });
});

test("a dry run tells the columns of a query and makes no database", async () => {
  const machine = await newMachine();
  const info = await machine.pipeline().run(models({}, duck("SELECT 1 AS a, 'x' AS b")), { dryRun: true });
  expect(Object.keys(info.schemaUpdate["totals"]?.columns ?? {})).toEqual(["a", "b", "_dlt_load_id"]);
  expect(existsSync(machine.database)).toBe(false);
});
