import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDltError } from "@dlt/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  isUnfinishedFile,
  moveDurably,
  readFileIfPresent,
  syncFile,
  syncFolder,
  writeFileAtomic,
} from "./atomic-file.js";
import { storageError } from "./storage-error.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "atomic-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("a file is replaced as a whole, and nothing stays beside it", async () => {
  const path = join(folder, "state.json");
  await writeFileAtomic(path, "old");
  await writeFileAtomic(path, new TextEncoder().encode("new"));
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test("readers see one of the contents while it is written many times", async () => {
  const path = join(folder, "state.json");
  const contents = Array.from({ length: 8 }, (_, index) => String(index).repeat(20_000));
  await writeFileAtomic(path, contents[0] ?? "");
  let writing = true;
  const writers = Promise.all(contents.map((content) => writeFileAtomic(path, content))).finally(() => {
    writing = false;
  });
  let reads = 0;
  do {
    expect(contents).toContain(await readFileIfPresent(path));
    reads++;
  } while (writing);
  await writers;
  expect(reads).toBeGreaterThan(0);
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test("a write that fails leaves the old content and nothing beside it", async () => {
  await mkdir(join(folder, "taken", "inner"), { recursive: true });
  await expect(writeFileAtomic(join(folder, "taken"), "x")).rejects.toThrow(
    expect.objectContaining({ code: "STORAGE_FAILED" }),
  );
  expect(await readdir(folder)).toEqual(["taken"]);
});

test("files and folders are moved and synced", async () => {
  await mkdir(join(folder, "a"));
  await mkdir(join(folder, "b"));
  await writeFile(join(folder, "a", "x"), "1");
  await syncFile(join(folder, "a", "x"));
  await syncFolder(join(folder, "a"));
  await moveDurably(join(folder, "a"), join(folder, "b", "a"));
  expect(await readFileIfPresent(join(folder, "b", "a", "x"))).toBe("1");
  expect(await readFileIfPresent(join(folder, "a", "x"))).toBeNull();
  await expect(moveDurably(join(folder, "a"), join(folder, "c"))).rejects.toThrow(/Could not move `.*\/a`/);
});

test("names of unfinished files are told apart", () => {
  expect(isUnfinishedFile(".1f.tmp")).toBe(true);
  expect(isUnfinishedFile("state.json")).toBe(false);
});

describe("errors of the file system", () => {
  test.runIf(process.platform === "linux")("a full disk", async () => {
    const error = await writeFile("/dev/full", "x").catch((cause: unknown) =>
      storageError(cause, { action: "write", path: "/dev/full" }),
    );
    expect(error).toMatchObject({
      code: "STORAGE_FULL",
      message:
        "Could not write `/dev/full`: there is no space left (ENOSPC). What was committed is safe, and nothing half-written counts.",
      hint: "Make space on that disk and run again: the run resumes where it stopped.",
    });
  });

  const systemError = (code: string): Error => Object.assign(new Error(`${code}: reason`), { code, syscall: "open" });

  test.each([
    ["EDQUOT", "STORAGE_FULL"],
    ["EACCES", "STORAGE_NOT_WRITABLE"],
    ["EPERM", "STORAGE_NOT_WRITABLE"],
    ["EROFS", "STORAGE_NOT_WRITABLE"],
    ["EMFILE", "STORAGE_FAILED"],
    ["EIO", "STORAGE_FAILED"],
    ["ESTALE", "STORAGE_FAILED"],
  ])("%s becomes %s with its cause, and says what is safe", (systemCode, code) => {
    const cause = systemError(systemCode);
    const error = storageError(cause, { action: "sync", path: "/p" });
    expect(error).toMatchObject({ code, cause, context: { action: "sync", path: "/p", systemCode } });
    expect(String(error)).toMatch(/What was committed is safe/);
    expect(isDltError(error) && error.hint).toBeTruthy();
  });

  test("what the permission model of Node refuses is no system call, and told the same way", () => {
    const cause = Object.assign(new Error("x"), { code: "ERR_ACCESS_DENIED", permission: "FileSystemWrite" });
    expect(storageError(cause, { action: "create", path: "/p" })).toMatchObject({
      code: "STORAGE_NOT_WRITABLE",
      message: expect.stringContaining("Could not create `/p`: Node was started without the permission"),
    });
  });

  test("other errors come back as they are", () => {
    for (const other of [new Error("x"), "text", null, Object.assign(new Error("x"), { code: "ERR_ASSERTION" })]) {
      expect(storageError(other, { action: "read", path: "/p" })).toBe(other);
    }
  });
});
