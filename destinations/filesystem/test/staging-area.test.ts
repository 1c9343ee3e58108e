import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { namingConvention, type StagedLoad, type StagingArea } from "@dlt/core";
import { type FileStore, type FileStoreProvider, readText } from "@dlt/storage";
import { expect, onTestFinished, test } from "vitest";
import { type FilesystemOptions, filesystem } from "../src/index.js";
import {
  errorOf,
  keysOf,
  loadIds,
  memoryPlace,
  newFolder,
  openClient,
  plan,
  load as runLoad,
  table,
} from "./support.js";

const [first, second] = loadIds;
const users = table("users");

async function openArea(store: FileStoreProvider, given: Omit<FilesystemOptions, "store"> = {}): Promise<StagingArea> {
  const staging = filesystem({ store });
  const area = await staging.openStaging?.(
    {
      bucketUrl: "memory://m",
      credentials: { awsAccessKeyId: "key", awsSecretAccessKey: "s3cret" },
      layout: typeof given.layout === "string" ? given.layout : "{table_name}/{load_id}.{file_id}.{ext}",
      extraPlaceholders: undefined,
      currentDatetime: undefined,
      maxStateFiles: 100,
    },
    {
      pipelineName: "p",
      localDir: "/nowhere",
      dataset: "ds",
      naming: namingConvention("snake_case", null),
      signal: new AbortController().signal,
    },
  );
  if (area === undefined) throw new Error("Files can be a staging area.");
  onTestFinished(() => area[Symbol.asyncDispose]());
  return area;
}

const usersJob = (id: string) => `users.${id.padStart(10, "0")}.jsonl.gz`;
const stagedLoad = (loadId: string, changes: Partial<StagedLoad> = {}): StagedLoad => ({
  loadId,
  schemaName: "src",
  files: [{ jobId: usersJob("a1"), table: "users" }],
  truncate: ["users"],
  ...changes,
});

async function put(area: StagingArea, loadId: string, text: string): Promise<string> {
  const path = join(newFolder(), "file");
  writeFileSync(path, text);
  const file = { jobId: usersJob("a1"), loadId, table: users, format: "jsonl", rowCount: 1, bytes: 1 } as const;
  return await area.put({ ...file, target: "final", at: { path } }, new AbortController().signal);
}

const dataOf = async (files: FileStore) => (await keysOf(files)).filter((key) => !key.includes("/_dlt_jobs/"));

test("a file is at the URL that is given, and over itself when it is put again", async () => {
  const { store, files } = await memoryPlace();
  const area = await openArea(store);
  await area.prepare(stagedLoad(first));
  const key = `ds/users/${first}.00000000a1.jsonl.gz`;
  expect(await put(area, first, "one")).toBe(`memory://m/${key}`);
  expect(await put(area, first, "two")).toBe(`memory://m/${key}`);
  expect(await dataOf(files)).toEqual([key]);
  expect(await readText(files, key)).toBe("two");
  expect(area.url).toBe("memory://m/ds");
  expect(area.credentials).toEqual({ awsAccessKeyId: "key", awsSecretAccessKey: "s3cret" });
});

test("a load that is prepared again keeps its files and their names, whatever the layout says by then", async () => {
  const { store, files } = await memoryPlace();
  const area = await openArea(store);
  await area.prepare(stagedLoad(first));
  const url = await put(area, first, "one");
  const other = await openArea(store, { layout: "{table_name}/x/{load_id}.{file_id}" });
  await other.prepare(stagedLoad(first));
  expect(await put(other, first, "two")).toBe(url);
  expect(await dataOf(files)).toHaveLength(1);
});

test("the next load deletes files of its tables, and none of others", async () => {
  const { store, files } = await memoryPlace();
  const area = await openArea(store, { layout: "{table_name}_{load_id}.{file_id}.{ext}" });
  await area.prepare(stagedLoad(first));
  await put(area, first, "one");
  const other = `ds/users_old_${first}.00000000a1.jsonl.gz`;
  await files.put(other, new Uint8Array(1));
  await area.prepare(stagedLoad(second));
  expect(await dataOf(files)).toEqual([other]);
  await put(area, second, "two");
  expect(await dataOf(files)).toEqual([`ds/users_${second}.00000000a1.jsonl.gz`, other].sort());
  // Of earlier loads nothing has to be known any more.
  expect((await keysOf(files, "ds/_dlt_jobs/")).length).toBe(1);
});

test("files stay that no table is emptied of", async () => {
  const { store, files } = await memoryPlace();
  const area = await openArea(store);
  for (const loadId of [first, second]) {
    await area.prepare(stagedLoad(loadId, { truncate: [] }));
    await put(area, loadId, loadId);
  }
  expect(await dataOf(files)).toHaveLength(2);
});

test("a dataset is left alone", async () => {
  const { store, files } = await memoryPlace();
  await runLoad(await openClient({ store }), plan([users], { loadId: first }));
  const before = await keysOf(files);
  const area = await openArea(store);
  expect((await errorOf(area.prepare(stagedLoad(second)))).code).toBe("STAGING_HOLDS_DATASET");
  expect(await keysOf(files)).toEqual(before);
});

test("a file of a load that was not prepared has no place", async () => {
  const { store } = await memoryPlace();
  const area = await openArea(store);
  expect((await errorOf(put(area, first, "one"))).code).toBe("INTERNAL_STATE_UNEXPECTED");
});
