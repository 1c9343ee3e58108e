import { join } from "node:path";
import { expect, test } from "vitest";
import { type DropSelection, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";

const counted = (name: string) =>
  resource({ name }, ({ state, sourceState }) => {
    const n = Number(state["n"] ?? 0) + 1;
    state["n"] = n;
    sourceState["seen"] = { [name]: n, total: n };
    return [{ n, parts: [{ n }] }];
  });
const shop = source({ name: "shop" }, () => [counted("orders"), counted("order_notes"), counted("users")]);

async function loadedShop() {
  const machine = await newMachine();
  const p = machine.pipeline();
  await p.run(shop());
  return { machine, p };
}

test("tables of resources and their state are dropped, here and at the destination; the next run begins them anew", async () => {
  const { machine, p } = await loadedShop();
  const selection = { resources: ["re:order"] };
  expect(p.planDrop(selection)).toEqual({
    schemaName: "shop",
    knownResources: ["order_notes", "orders", "users"],
    resources: ["order_notes", "orders"],
    tables: ["orders", "orders__parts", "order_notes", "order_notes__parts"],
    tablesWithData: ["orders", "orders__parts", "order_notes", "order_notes__parts"],
    resourceStates: ["orders", "order_notes"],
    statePaths: [],
    isEmpty: false,
  });
  const info = await p.dropResources(selection);
  expect(info.loadPackages.map(({ state, schemaName }) => [state, schemaName])).toEqual([["loaded", "shop"]]);
  const tables =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = 'data' AND NOT starts_with(table_name, '_dlt') ORDER BY 1";
  expect(await machine.query(tables)).toEqual([{ table_name: "users" }, { table_name: "users__parts" }]);
  expect(Object.keys(p.state.sources["shop"]?.resources ?? {})).toEqual(["users"]);
  // Another machine takes the state without them.
  const other = machine.pipeline({ pipelinesDir: join(machine.folder, "elsewhere") });
  await other.sync();
  expect([Object.keys(other.state.sources["shop"]?.resources ?? {}), other.defaultSchema?.tables["orders"]]).toEqual([
    ["users"],
    undefined,
  ]);
  await p.run(shop());
  expect(
    await machine.query("SELECT (SELECT list(n) FROM orders) AS orders, (SELECT count(*) FROM users) AS users"),
  ).toEqual([{ orders: ["1"], users: 2 }]);
});

test("only the state can be forgotten: of resources, and at paths into that of the source", async () => {
  const { machine, p } = await loadedShop();
  const selection = { resources: ["users", "no_such"], statePaths: ["$.seen.total", "none"], stateOnly: true };
  expect(p.planDrop(selection)).toMatchObject({ tables: [], resourceStates: ["users"], statePaths: ["seen.total"] });
  await p.dropResources(selection);
  const { resources, ...own } = p.state.sources["shop"] ?? {};
  expect([Object.keys(resources ?? {}), own]).toEqual([["orders", "order_notes"], { seen: { users: 1 } }]);
  expect(await machine.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 1 }]);
});

test("all resources can be dropped; nothing selected loads nothing", async () => {
  const { p } = await loadedShop();
  expect((await p.dropResources({ resources: ["no_such"] })).isEmpty).toBe(true);
  await p.dropResources({ resources: "all" });
  expect(p.planDrop({ resources: "all" })).toMatchObject({ knownResources: [], isEmpty: true });
});

test("what cannot be told is refused, and so is dropping while packages are pending", async () => {
  const { p } = await loadedShop();
  const refusal = (selection: DropSelection): unknown => {
    try {
      return p.planDrop(selection);
    } catch (error) {
      return error;
    }
  };
  expect(refusal({ schemaName: "blog" })).toMatchObject({
    code: "DROP_SELECTION_INVALID",
    message: "Nothing was dropped: pipeline `shop` has no schema `blog`.",
    hint: "Choose one of `shop`.",
  });
  expect(refusal({ resources: ["re:("] })).toMatchObject({
    code: "DROP_SELECTION_INVALID",
    message: expect.stringMatching(/^Nothing was dropped: `re:\(` is not a pattern: /),
    hint: "Write a regular expression behind `re:`, e.g. `re:repo_.*`.",
  });
  expect(refusal({ statePaths: ["a..b"] })).toMatchObject({
    code: "DROP_SELECTION_INVALID",
    message: "Nothing was dropped: `a..b` is not a path into the state.",
    hint: "Write keys with dots between them, e.g. `repos.last_page`.",
  });
  await p.extract([{ n: 1 }], { tableName: "more" });
  const refused = { code: "REFRESH_WITH_PENDING_PACKAGES" };
  await expect(p.dropResources({ resources: "all" })).rejects.toMatchObject(refused);
});

test("a pipeline that never ran has nothing to drop", async () => {
  const { pipeline } = await newMachine();
  expect(() => pipeline().planDrop({ resources: "all" })).toThrow("has no schema yet");
});
