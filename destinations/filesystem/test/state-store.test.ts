import { expect, test } from "vitest";
import {
  errorOf,
  keysOf,
  load,
  loadIds,
  memoryPlace,
  openClient,
  plan,
  schemaOf,
  stateOf,
  table,
  write,
} from "./support.js";

const users = table("users");
const [first, second, third] = loadIds;

async function openState(options: Parameters<typeof openClient>[0] = {}) {
  const client = await openClient(options);
  if (client.state === undefined) throw new Error("The client keeps no state.");
  return { client, state: client.state };
}

test("a dataset that is not there has nothing", async () => {
  const { store, files } = await memoryPlace();
  const { state } = await openState({ store });
  expect(await state.readState("p")).toBeNull();
  expect(await state.readSchema("src")).toBeNull();
  expect(await state.readSchemaByHash("eA==")).toBeNull();
  expect(await state.readLastLoadId()).toBeNull();
  expect(await state.datasetExists()).toBe(false);
  await state.dropDataset();
  expect(await keysOf(files)).toEqual([]);
});

test("reads back what a load wrote", async () => {
  const { store } = await memoryPlace();
  const { client, state } = await openState({ store });
  const loadPlan = plan([users]);
  await load(client, loadPlan, stateOf(first));
  expect(await state.readState("p")).toEqual(stateOf(first));
  expect(await state.readState("other")).toBeNull();
  const record = {
    schemaName: "src",
    version: 2,
    engineVersion: 11,
    versionHash: loadPlan.schemaHash,
    insertedAt: expect.any(BigInt) as bigint,
    schema: loadPlan.schema,
  };
  expect(await state.readSchema("src")).toEqual(record);
  expect(await state.readSchemaByHash(loadPlan.schemaHash)).toEqual(record);
  expect(await state.readSchema("sr")).toBeNull();
  expect(await state.readLastLoadId()).toBe(first);
  expect(await state.datasetExists()).toBe(true);
});

test("the state of a load that is not complete does not count", async () => {
  const { store, files } = await memoryPlace();
  const { client, state } = await openState({ store });
  await load(client, plan([users]), stateOf(first, { version: 1 }));
  await load(client, plan([users], { loadId: second }), stateOf(second, { version: 2 }));
  await files.delete([`ds/_dlt_loads/src__${second}.jsonl`]);
  expect((await state.readState("p"))?.version).toBe(1);
  expect(await state.readLastLoadId()).toBe(first);
});

test("the newest schema of a name is that of the latest load that brought one", async () => {
  const { store } = await memoryPlace();
  const { client, state } = await openState({ store });
  const tables = [[users], [users, table("orders")]] as const;
  await load(client, plan(tables[0]));
  await load(client, plan(tables[1], { loadId: second }));
  expect((await state.readSchema("src"))?.versionHash).toBe(schemaOf(tables[1]).schemaHash);
  expect((await state.readSchemaByHash(schemaOf(tables[0]).schemaHash))?.schema).toBe(schemaOf(tables[0]).schema);
});

test("reads what Python dlt wrote", async () => {
  const { store, files } = await memoryPlace();
  const hex = "70983d692f648185febe6d6fa607630ae68649f7e6fc45b94680096c06e4fadb";
  const hash = "cJg9aS9kgYX+vm1vpgdjCuaGSffm/EW5RoAJbAbk+ts=";
  await write(files, "ds/init", '{"initial_version":2,"current_version":2}');
  await write(
    files,
    `ds/_dlt_version/my__source__1718888888.7654321__${hex}.jsonl`,
    `{"version_hash":"${hash}","schema_name":"my__source","version":5,"engine_version":11,"inserted_at":"2024-06-20T15:08:08.765432+02:00","schema":"{}"}`,
  );
  await write(
    files,
    `ds/_dlt_pipeline_state/my__pipe__1718888888.123456__${hex}.jsonl`,
    '{"version":1,"engine_version":4,"pipeline_name":"my__pipe","state":"eJw=","created_at":"2024-06-20T13:08:08.123456Z","version_hash":"x","dlt_load_id":"1718888888.123456"}',
  );
  await write(files, "ds/_dlt_loads/my__source__1718888888.123456.jsonl", '{"load_id":"1718888888.123456","status":0}');
  for (const foreign of ["ds/_dlt_loads/init", "ds/_dlt_version/notes.txt", "ds/_dlt_pipeline_state/a__b.jsonl"])
    await write(files, foreign, "x");
  const { state } = await openState({ store, pipelineName: "my__pipe" });
  expect(await state.readSchema("my__source")).toEqual({
    schemaName: "my__source",
    version: 5,
    engineVersion: 11,
    versionHash: hash,
    insertedAt: 1_718_888_888_765_432n,
    schema: "{}",
  });
  expect((await state.readSchemaByHash(hash))?.version).toBe(5);
  expect(await state.readSchema("source")).toBeNull();
  expect(await state.readState("my__pipe")).toMatchObject({
    loadId: "1718888888.123456",
    createdAt: 1_718_888_888_123_456n,
  });
  expect(await state.readState("pipe")).toBeNull();
  expect(await state.readLastLoadId()).toBe("1718888888.123456");
});

test("the greatest load id is the greatest number", async () => {
  const { store, files } = await memoryPlace();
  for (const name of ["b__999999999.999999", `a__${second}`, `c__${third}`, "a__b__c"])
    await write(files, `ds/_dlt_loads/${name}.jsonl`, "{}");
  const { state } = await openState({ store });
  expect(await state.readLastLoadId()).toBe(third);
});

test.each([
  ["x", "is no JSON"],
  ["[]", "holds no JSON object"],
  ['{"version":"1"}', "is no stored state"],
])("a state that was changed to %s is told with its place", async (content, reason) => {
  const { store, files } = await memoryPlace();
  const { client, state } = await openState({ store });
  await load(client, plan([users]), stateOf(first));
  const [key = ""] = await keysOf(files, "ds/_dlt_pipeline_state/");
  await write(files, key, content);
  const error = await errorOf(state.readState("p"));
  expect(error.code).toBe("DESTINATION_RECORD_UNREADABLE");
  expect(error.message).toBe(`memory://m/${key} ${reason}.`);
});

test("drops the dataset and its staging dataset, and nothing beside", async () => {
  const { store, files } = await memoryPlace();
  const { client, state } = await openState({ store });
  await load(client, plan([users]), stateOf(first));
  for (const key of ["ds_staging/a", "ds2/a", "dsx", "other/ds/a", "ds_staging2/b"]) await write(files, key, "x");
  await state.dropDataset();
  expect(await keysOf(files)).toEqual(["ds2/a", "ds_staging2/b", "dsx", "other/ds/a"]);
});
