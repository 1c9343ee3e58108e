import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Resource, resource, source, transformer, withFileImport, withHints, withTableName } from "@dlt/core";
import { describe, expect, test } from "vitest";
import { newMachine } from "../new-machine.js";
import { stopRuns } from "../stop-runs.js";
import { counted } from "./counted.js";
import { gate } from "./gate.js";

test("files that were held are loaded by what another resource, whose rows are held, declared of their table", async () => {
  const machine = await newMachine();
  const [declared, loaded] = [gate(), gate()];
  const text = { dataType: "text" } as const;
  const columns = { id: { dataType: "bigint" }, amount: text, _dlt_id: text, _dlt_load_id: text } as const;
  const table = { tableName: "t", columns };
  const declaring = resource({ name: "declaring", ...table }, async function* () {
    yield [{ id: 1, amount: 1 }];
    declared.open();
    await loaded.opened;
    yield [{ id: 2, amount: 2 }];
  });
  const files = resource({ name: "files", ...table }, async function* ({ checkpoint }) {
    await declared.opened;
    for (let id = 3; id < 6; id++) {
      const file = join(machine.folder, `${id}.jsonl`);
      writeFileSync(file, `{"id":${id},"amount":"${id}","_dlt_id":"${id}","_dlt_load_id":"1"}\n`);
      yield withFileImport(file, "jsonl", { rowCount: 1 });
      checkpoint();
    }
    loaded.open();
  });
  const info = await machine
    .pipeline()
    .run(source({ name: "shop" }, () => [declaring, files])(), { checkpoint: { everyRows: 1 } });
  expect(info.loadsIds.length).toBeGreaterThan(1);
  expect(await machine.query("SELECT id, amount FROM t ORDER BY id")).toEqual(
    [1, 2, 3, 4, 5].map((id) => ({ id, amount: id })),
  );
  expect(await machine.query("SELECT DISTINCT typeof(amount) AS type FROM t")).toEqual([{ type: "VARCHAR" }]);
});

describe("a table that has to be loaded at once", () => {
  const part = (name: string, from: number) =>
    resource({ name, tableName: "t", writeDisposition: "replace" }, () => [{ id: from }, { id: from + 1 }]);

  test("is, though several resources write to it", async () => {
    const machine = await newMachine();
    const shop = source({ name: "shop" }, () => [part("a", 0), part("b", 100), counted("events", 12)]);
    const info = await machine.pipeline().run(shop(), { checkpoint: { everyRows: 1 } });
    expect(await machine.query("SELECT count(*) AS n FROM t")).toEqual([{ n: 4 }]);
    expect(info.uncutResources.map(({ resource: name }) => name)).toEqual(["a", "b"]);
  });

  test("is, though several sources write to it", async () => {
    const machine = await newMachine();
    const shop = (made: Resource) => source({ name: "shop" }, () => [made])();
    const info = await machine
      .pipeline()
      .run([shop(part("a", 0)), shop(part("b", 100))], { checkpoint: { everyRows: 1 } });
    expect(await machine.query("SELECT count(*) AS n FROM t")).toEqual([{ n: 4 }]);
    expect(info.uncutResources).toHaveLength(2);
  });

  test("is told of the resources that write to it; others of their sources are loaded with them", async () => {
    const rows = counted("rows", 2);
    const details = transformer({ name: "details" }, (row: unknown) => [row]);
    const sources = [[part("a", 0)], [part("b", 100), rows, rows.pipe(details)]].map((made) =>
      source({ name: "shop" }, () => made)(),
    );
    const info = await (await newMachine()).pipeline().run(sources, { checkpoint: { everyRows: 1 } });
    const sharing = "other sources of the run write to its table, which has to be loaded at once";
    expect(info.uncutResources).toEqual([
      { source: "shop", resource: "a", reason: sharing },
      { source: "shop", resource: "b", reason: sharing },
      { source: "shop", resource: "rows", reason: expect.stringContaining("and are loaded together") },
    ]);
    expect(info.loadsIds).toHaveLength(1);
  });

  test("and is empty is emptied once", async () => {
    const machine = await newMachine();
    const empty = (rows: readonly object[]) => resource({ name: "empty", writeDisposition: "replace" }, () => [rows]);
    await machine.pipeline().run(empty([{ id: 1 }]));
    const info = await machine.pipeline().run([empty([]), counted("events", 12)], { checkpoint: { everyRows: 20 } });
    expect(await machine.query("SELECT count(*) AS n FROM empty")).toEqual([{ n: 0 }]);
    const emptied = info.loadPackages.filter(({ jobs }) => jobs.completedJobs.some((job) => job.tableName === "empty"));
    expect(emptied).toHaveLength(1);
  });

  describe("is left as it was when the run is stopped before all sources have written to it", () => {
    const parts = (a: number, second: Resource) => [
      source({ name: "shop" }, () => [part("a", a)])(),
      source({ name: "shop" }, () => [second])(),
      source({ name: "another" }, () => [counted("events", 2)])(),
    ];

    test.each([
      ["while one of them is read", undefined],
      ["while one of them is read", "drop_sources"],
      ["between them", undefined],
    ] as const)("%s, refresh: %s", async (when, refresh) => {
      const machine = await newMachine();
      await machine.pipeline().run(parts(0, part("b", 100)));
      const before = machine.pipeline().state.sources["shop"];
      const ids = async () => (await machine.query("SELECT id FROM t ORDER BY id")).map(({ id }) => id);

      const listening = process.listeners("SIGTERM");
      let ended = 0;
      // The first that ends is `events`, the second `a`.
      const reached = (point: string) => {
        if (point === "extract.resource.finished" && ++ended === 2 && when === "between them") stopRuns(listening);
      };
      const hanging = resource(
        { name: "b", tableName: "t", writeDisposition: "replace" },
        async function* ({ state, signal }) {
          state["seen"] = true;
          yield [{ id: 200 }];
          const stopped = once(signal, "abort");
          stopRuns(listening);
          await stopped;
        },
      );
      const second = when === "between them" ? part("b", 200) : hanging;
      const p = machine.pipeline({}, { ...machine.runtime, reached });
      const info = await p.run(parts(300, second), {
        checkpoint: { everyRows: 1 },
        ...(refresh !== undefined && { refresh }),
      });
      expect(info).toMatchObject({ canBeContinued: true, stoppedBy: "SIGTERM" });
      expect(await ids()).toEqual([0, 1, 100, 101]);
      expect(p.state.sources["shop"]).toEqual(before);

      await machine.pipeline().run(parts(300, part("b", 400)));
      expect(await ids()).toEqual([300, 301, 400, 401]);
      expect(await machine.query("SELECT count(DISTINCT id) AS ids FROM events")).toEqual([{ ids: 20 }]);
    });
  });
});

/** Options that cut no run of a test. */
const uncut = [{ maxDurationMs: 600_000 }, { checkpoint: { everyMs: 600_000 } }] as const;

test("a page that asks for another disposition after rows were loaded is refused", async () => {
  const machine = await newMachine();
  const made = resource({ name: "events" }, async function* ({ checkpoint }) {
    for (let page = 0; page < 6; page++) {
      yield page === 4 ? withHints([{ page }], { writeDisposition: "replace" }) : [{ page }];
      checkpoint();
    }
  });
  const run = machine.pipeline().run(made, { checkpoint: { everyRows: 1 } });
  await expect(run).rejects.toMatchObject({ code: "RESOURCE_HINTS_TOO_LATE" });
  expect(Number((await machine.query("SELECT count(*) AS n FROM events"))[0]?.["n"])).toBeGreaterThan(0);
});

describe("rows that are sent to the table of another resource, which has to be loaded at once", () => {
  test("come with the rows of that one", async () => {
    const machine = await newMachine();
    const sent = gate();
    const whole = resource({ name: "whole", writeDisposition: "replace" }, async function* () {
      yield [{ id: 1_000 }];
      await sent.opened;
      yield [{ id: 1_001 }];
    });
    const sending = resource({ name: "sending" }, async function* ({ checkpoint }) {
      for (let page = 0; page < 3; page++) {
        yield [{ id: page }];
        checkpoint();
      }
      for (let page = 0; page < 6; page++) {
        yield withTableName([{ id: page }], "whole");
        checkpoint();
      }
      sent.open();
    });
    const info = await machine
      .pipeline()
      .run(source({ name: "shop" }, () => [whole, sending])(), { checkpoint: { everyRows: 1 } });
    expect(await machine.query("SELECT count(*) AS n, count(DISTINCT _dlt_load_id) AS loads FROM whole")).toEqual([
      { n: 8, loads: 1 },
    ]);
    expect(info.loadsIds.length).toBeGreaterThan(1);
    expect(info.uncutResources).toContainEqual({
      source: "shop",
      resource: "sending",
      reason: "it writes to a table of `whole`: its write disposition is `replace`",
    });
  });

  test("are refused when that one may be loaded already", async () => {
    const machine = await newMachine();
    const whole = resource({ name: "whole", writeDisposition: "replace" }, () => [{ id: 1 }]);
    const shop = source({ name: "shop" }, () => {
      const sending = resource({ name: "sending" }, async function* ({ checkpoint }) {
        for (let page = 0; page < 20; page++) {
          await turns(5);
          yield page < 19 ? [{ id: page }] : withTableName([{ id: page }], "whole");
          checkpoint();
        }
      });
      return [whole, sending];
    });
    await expect(machine.pipeline().run(shop(), { checkpoint: { everyRows: 1 } })).rejects.toMatchObject({
      code: "RESOURCE_HINTS_TOO_LATE",
    });
    expect(await machine.query("SELECT id FROM whole")).toEqual([{ id: 1 }]);
  });
});

/** A resource that is replaced, and one that sends a row to its table once it has ended. */
function wholeAndLate(then: (signal: AbortSignal) => Promise<void> = async () => undefined) {
  const { opened, open } = gate();
  const reached = (point: string) => {
    if (point === "extract.resource.finished") open();
  };
  const resources = [
    resource({ name: "whole", writeDisposition: "replace" }, () => [{ id: 1 }]),
    resource({ name: "late" }, async function* ({ signal }) {
      await opened;
      yield withTableName([{ id: 2 }], "whole");
      await then(signal);
    }),
  ];
  return { shop: source({ name: "shop" }, () => resources), resources, reached };
}

describe("rows that have to be loaded at once with rows that are complete", () => {
  test.each(uncut)("are, as long as those wait in the same epoch: %o", async (options) => {
    const machine = await newMachine();
    const { shop, reached } = wholeAndLate();
    const info = await machine.pipeline({}, { ...machine.runtime, reached }).run(shop(), options);
    expect(await machine.query("SELECT id FROM whole ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(info.uncutResources.map(({ resource: name }) => name)).toEqual(["whole", "late"]);
  });

  test("keep the epoch open until they are there", async () => {
    const machine = await newMachine();
    const [sent, others] = [gate(), gate()];
    const { resources, reached } = wholeAndLate(async () => {
      sent.open();
      await others.opened;
    });
    const pages = resource({ name: "pages" }, async function* ({ checkpoint }) {
      await sent.opened;
      for (let page = 0; page < 40; page++) {
        yield [{ page }];
        checkpoint();
      }
      others.open();
    });
    const shop = source({ name: "shop" }, () => [...resources, pages]);
    await machine.pipeline({}, { ...machine.runtime, reached }).run(shop(), { checkpoint: { everyRows: 3 } });
    expect(await machine.query("SELECT id FROM whole ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await machine.query("SELECT count(*) AS n FROM pages")).toEqual([{ n: 40 }]);
  });

  test.each([
    { writeDisposition: "replace" },
    { writeDisposition: () => "replace" as const, tableName: () => "events" },
  ] as const)("are, when a page asks for it: %o", async (hints) => {
    const machine = await newMachine();
    const made = resource({ name: "events" }, async function* ({ checkpoint }) {
      for (let page = 0; page < 6; page++) {
        yield page === 4 ? withHints([{ page }], hints) : [{ page }];
        checkpoint();
      }
    });
    await machine.pipeline().run(made, { checkpoint: { everyMs: 600_000 } });
    expect(await machine.query("SELECT count(*) AS n FROM events")).toEqual([{ n: 6 }]);
  });

  test("are not loaded in part when the run is stopped", async () => {
    const machine = await newMachine();
    await machine.pipeline().run([{ id: 0 }], { tableName: "whole" });
    const listening = process.listeners("SIGTERM");
    const { shop, reached } = wholeAndLate(async (signal) => {
      const stopped = once(signal, "abort");
      stopRuns(listening);
      await stopped;
    });
    const run = machine.pipeline({}, { ...machine.runtime, reached }).run(shop(), { maxDurationMs: 600_000 });
    await expect(run).rejects.toMatchObject({
      code: "RESOURCE_HINTS_TOO_LATE",
      hint: expect.stringContaining("or run without `maxDurationMs`."),
    });
    expect(await machine.query("SELECT id FROM whole")).toEqual([{ id: 0 }]);
  });
});

describe("a table that has to be loaded at once because of another source, which only its rows tell", () => {
  const first = () =>
    resource({ name: "first", tableName: "t" }, async function* ({ checkpoint }) {
      for (let id = 0; id < 4; id++) {
        yield [{ id }];
        checkpoint();
      }
    });
  const row = [{ id: 100 }];
  const replace = { writeDisposition: "replace" } as const;
  const cases: readonly (readonly [string, () => Resource, () => Resource])[] = [
    [
      "by a name that depends on the row",
      first,
      () => resource({ name: "second", tableName: () => "t", ...replace }, () => row),
    ],
    [
      "by a name that a page brings",
      first,
      () => resource({ name: "second", ...replace }, () => [withTableName(row, "t")]),
    ],
    [
      "by the name that a page of the first brings",
      () => first().applyHints({ tableName: () => "t" }),
      () => resource({ name: "second", tableName: "t", ...replace }, () => row),
    ],
  ];
  const sources = (one: Resource, other: Resource) =>
    [one, other].map((made) => source({ name: "shop" }, () => [made])());

  test.each(cases)("is refused when its rows may be loaded: %s", async (_, one, other) => {
    const machine = await newMachine();
    const run = machine.pipeline().run(sources(one(), other()), { checkpoint: { everyRows: 1 } });
    await expect(run).rejects.toMatchObject({ code: "RESOURCE_HINTS_TOO_LATE" });
    expect((await machine.query("SELECT id FROM t ORDER BY id")).map(({ id }) => id)).toEqual([0, 1, 2, 3]);
  });

  test.each(cases)("is, as long as they wait in the same epoch: %s", async (_, one, other) => {
    const machine = await newMachine();
    await machine.pipeline().run(sources(one(), other()), { checkpoint: { everyMs: 600_000 } });
    expect((await machine.query("SELECT id FROM t ORDER BY id")).map(({ id }) => id)).toEqual([0, 1, 2, 3, 100]);
  });
});

/** Lets other work go on. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe("a table is replaced once", () => {
  const paged = (hints: Parameters<typeof resource>[0], page: (n: number) => unknown) =>
    resource(hints, async function* ({ checkpoint }) {
      for (let n = 0; n < 6; n++) {
        yield page(n);
        checkpoint();
      }
    });

  test.each([
    [
      "a variant",
      "t",
      () =>
        paged({ name: "events" }, (n) => withTableName([{ id: n }], "t")).applyHints({
          tableName: "t",
          createTableVariant: true,
          writeDisposition: "replace",
        }),
    ],
    [
      "a nested table",
      "events__items",
      () =>
        paged({ name: "events", nestedHints: { items: { primaryKey: "k", writeDisposition: "replace" } } }, (n) => [
          { id: n, items: [{ k: n }] },
        ]),
    ],
    [
      "a table whose name depends on the row",
      "t",
      () => paged({ name: "events", tableName: () => "t", writeDisposition: "replace" }, (n) => [{ id: n }]),
    ],
    [
      "a table whose hints depend on the row",
      "t",
      () =>
        paged({ name: "events", tableName: () => "t", writeDisposition: () => "replace" as const }, (n) => [{ id: n }]),
    ],
  ] as const)("also if it is %s", async (_, table, made: () => Resource) => {
    const machine = await newMachine();
    const info = await machine.pipeline().run(made(), { checkpoint: { everyRows: 1 } });
    expect(await machine.query(`SELECT count(*) AS n FROM ${table}`)).toEqual([{ n: 6 }]);
    expect(info.uncutResources.map(({ resource: name }) => name)).toEqual(["events"]);
  });
});
