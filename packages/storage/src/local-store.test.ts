import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { FileStore } from "./file-store.js";
import { localStore } from "./local-store.js";
import { fileStoreConformance } from "./testing.js";

const folders: string[] = [];

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-store-"));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

let suiteFolder: string;
fileStoreConformance({
  name: "a folder",
  open: async () => {
    suiteFolder = await newFolder();
    return await localStore().open({ scheme: "file", folder: suiteFolder });
  },
  leftovers: async () =>
    (await readdir(suiteFolder, { recursive: true })).filter((name) => name.endsWith(".unfinished")),
});

const bytes = new TextEncoder().encode("content");

let root: string;
let store: FileStore;
beforeEach(async () => {
  root = await newFolder();
  store = await localStore({ localDir: root }).open({ scheme: "file", folder: "data" });
});

async function listed(prefix = ""): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

test("a relative folder starts from the given one, and is made when it is first written to", async () => {
  expect(await readdir(root)).toEqual([]);
  await store.put("a/b", bytes);
  expect(await readdir(join(root, "data", "a"))).toEqual(["b"]);
  expect(store.urlOf("a/b c")).toBe(`file://${root}/data/a/b%20c`);
});

test("folders go with their last file, and the root stays", async () => {
  await store.put("a/b/c/1", bytes);
  await store.put("a/2", bytes);
  await store.delete(["a/b/c/1"]);
  expect(await readdir(join(root, "data", "a"))).toEqual(["2"]);
  await store.delete(["a/2"]);
  expect(await readdir(join(root, "data"))).toEqual([]);
});

test("what a killed process left unfinished is not listed", async () => {
  await store.put("a/1", bytes);
  await writeFile(join(root, "data", "a", ".00112233445566aa.unfinished"), "hal");
  expect(await listed()).toEqual(["a/1"]);
});

test("folders behind links are left alone, linked files are files", async () => {
  await mkdir(join(root, "elsewhere"));
  await writeFile(join(root, "elsewhere", "foreign"), "x");
  await store.put("a/1", bytes);
  await symlink(join(root, "elsewhere"), join(root, "data", "a", "link"));
  await symlink(join(root, "elsewhere", "foreign"), join(root, "data", "a", "linked"));
  await symlink(join(root, "nowhere"), join(root, "data", "a", "broken"));
  expect([...(await listed())].sort()).toEqual(["a/1", "a/linked"]);
});

test("a file where a folder should be is refused with its place", async () => {
  await store.put("a", bytes);
  await expect(store.put("a/b", bytes)).rejects.toMatchObject({
    code: "DESTINATION_PATH_UNUSABLE",
    retryable: false,
    message: expect.stringContaining("/data/a/b: the system answered E") as string,
  });
  await store.put("c/d", bytes);
  await expect(store.put("c", bytes)).rejects.toMatchObject({ code: "DESTINATION_PATH_UNUSABLE" });
  expect(await listed("c")).toEqual(["c/d"]);
});

test.runIf(process.platform === "linux")(
  "a folder that cannot be made is not told as a file that is missing",
  async () => {
    // The system makes no folders there, and says that something is missing.
    const unwritable = await localStore().open({ scheme: "file", folder: "/proc/dlt" });
    await expect(unwritable.put("a/b", bytes)).rejects.toMatchObject({
      code: "DESTINATION_PATH_UNUSABLE",
      message: "Could not write file:///proc/dlt/a/b: the system answered ENOENT.",
    });
  },
);

test("a name that is too long for the system is refused", async () => {
  await expect(store.put("x".repeat(300), bytes)).rejects.toMatchObject({
    code: "FILE_KEY_INVALID",
    hint: expect.stringContaining("Shorten the name of the table") as string,
  });
});

test("a copy of a write-protected file can be written, and written over", async () => {
  const path = join(root, "protected");
  await writeFile(path, "1");
  await chmod(path, 0o444);
  await store.put("a", { path });
  await store.put("a", bytes);
  expect((await store.stat("a"))?.bytes).toBe(bytes.length);
});

test("a file that cannot be deleted is told, and the others are deleted", async () => {
  await store.put("a/1", bytes);
  await mkdir(join(root, "data", "folder", "inner"), { recursive: true });
  const failed = await store.delete(["folder", "a/1"]);
  expect(failed).toMatchObject([{ key: "folder", error: { code: expect.any(String) as string } }]);
  expect(await listed()).toEqual([]);
});
