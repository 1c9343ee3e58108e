import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteFiles } from "./delete-files.js";
import type { FileStore, StoreOptions } from "./file-store.js";
import { readBytes, readText } from "./read-file.js";
import { storeBelow } from "./store-below.js";

export interface FileStoreConformance {
  /** For the names of the tests. */
  readonly name: string;
  /** Opens a store that may have other files; the tests work below a path of their own. */
  open(): Promise<FileStore>;
  /** A size that is written in several parts. Default: 20 MiB. */
  readonly largeBytes?: number;
  /** A number of files that are listed in several pages. Default: 25. */
  readonly manyFiles?: number;
  /** What unfinished writes left in the whole store; absent where that cannot be seen. */
  leftovers?(): Promise<readonly string[]>;
}

/** Keys that stores and their protocols like to get wrong. */
const oddKeys = [
  "with space/and  two",
  "percent%20encoded%2Fslash",
  "plus+and&ampersand=equals",
  "hash#question?semicolon;colon,comma",
  "quotes'and\"double",
  "(brackets)[square]{curly}",
  "ünïcödé/日本語/🦆",
  "tilde~dollar$at@exclamation!",
  ".hidden/..double/...triple",
];

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const hash = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** What every store owes whoever uses it, as tests. */
export function fileStoreConformance(suite: FileStoreConformance): void {
  const { name, largeBytes = 20 * 1024 * 1024, manyFiles = 25 } = suite;
  describe(`file store: ${name}`, () => {
    let whole: FileStore;
    let store: FileStore;
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "dlt-files-"));
      whole = await suite.open();
      store = storeBelow(whole, `test-${randomBytes(6).toString("hex")}`);
    });
    afterEach(async () => {
      await deleteFiles(store, "");
      await whole[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    });

    const keys = async (prefix: string, options?: StoreOptions): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { key } of store.list(prefix, options)) found.push(key);
      return found.sort();
    };
    const localFile = async (content: Uint8Array): Promise<{ readonly path: string }> => {
      const path = join(folder, `${(await readdir(folder)).length}.bin`);
      await writeFile(path, content);
      return { path };
    };

    test.each(["bytes", "a file"])("writes %s, reads them, and writes over them", async (kind) => {
      const content = async (value: string) => (kind === "bytes" ? text(value) : await localFile(text(value)));
      await store.put("a/b.txt", await content("first, and longer"));
      expect(await readText(store, "a/b.txt")).toBe("first, and longer");
      await store.put("a/b.txt", await content("second"));
      expect(await readText(store, "a/b.txt")).toBe("second");
      expect(await keys("")).toEqual(["a/b.txt"]);
    });

    test("keeps empty files", async () => {
      await store.put("empty", new Uint8Array());
      await store.put("empty-too", await localFile(new Uint8Array()));
      expect(await readBytes(store, "empty")).toHaveLength(0);
      expect((await store.stat("empty-too"))?.bytes).toBe(0);
    });

    test("keeps large files byte for byte", async () => {
      const content = randomBytes(largeBytes);
      await store.put("large.bin", await localFile(content));
      await store.put("large-bytes.bin", content);
      for (const key of ["large.bin", "large-bytes.bin"]) {
        const digest = createHash("sha256");
        for await (const piece of store.get(key)) digest.update(piece);
        expect(digest.digest("hex")).toBe(hash(content));
      }
      const range = { start: largeBytes - 70_000, end: largeBytes - 10 };
      expect(hash(await readBytes(store, "large.bin", { range }))).toBe(hash(content.subarray(range.start, range.end)));
    });

    test.each([
      [0, 3, "012"],
      [3, 4, "3"],
      [7, 100, "789"],
      [10, 20, ""],
      [50, 60, ""],
      [4, 4, ""],
    ])("reads bytes %i to %i", async (start, end, expected) => {
      await store.put("digits", text("0123456789"));
      expect(await readText(store, "digits", { range: { start, end } })).toBe(expected);
    });

    test("tells size and time of a file, and that there is none", async () => {
      const before = Date.now();
      await store.put("folder/file", text("12345"));
      const info = await store.stat("folder/file");
      expect(info).toMatchObject({ key: "folder/file", bytes: 5 });
      // Clocks of services are not that of this machine, and some count in whole seconds.
      expect(Math.abs((info?.modifiedAt.getTime() ?? 0) - before)).toBeLessThan(600_000);
      expect(await store.stat("folder")).toBeNull();
      expect(await store.stat("folder/fil")).toBeNull();
    });

    test("has no file that was never written", async () => {
      await expect(readBytes(store, "nothing")).rejects.toMatchObject({
        code: "FILE_MISSING",
        message: expect.stringMatching(/^Could not read .*nothing/),
        hint: "Name a file that is there.",
        retryable: false,
      });
      expect(await store.stat("nothing")).toBeNull();
      expect(await keys("nothing")).toEqual([]);
    });

    test("writes if absent, once, also of several at the same time", async () => {
      expect(await store.putIfAbsent("mark", text("first"))).toBe(true);
      expect(await store.putIfAbsent("mark", text("second"))).toBe(false);
      expect(await store.putIfAbsent("mark", await localFile(text("third")))).toBe(false);
      expect(await readText(store, "mark")).toBe("first");

      const contents = ["a", "b", "c", "d", "e"];
      const wins = await Promise.all(contents.map((content) => store.putIfAbsent("race", text(content))));
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(await readText(store, "race")).toBe(contents[wins.indexOf(true)]);
    });

    test("writes a large file if absent", async () => {
      const content = await localFile(randomBytes(largeBytes));
      expect(await store.putIfAbsent("large", content)).toBe(true);
      expect(await store.putIfAbsent("large", content)).toBe(false);
    });

    test("lists by the beginning of keys, wherever it is cut", async () => {
      for (const key of ["users/1", "users/deep/er/2", "users_old/3", "user/4", "init"])
        await store.put(key, text(key));
      expect(await keys("users/")).toEqual(["users/1", "users/deep/er/2"]);
      expect(await keys("users")).toEqual(["users/1", "users/deep/er/2", "users_old/3"]);
      expect(await keys("users/deep/e")).toEqual(["users/deep/er/2"]);
      expect(await keys("user")).toEqual(["user/4", "users/1", "users/deep/er/2", "users_old/3"]);
      expect(await keys("")).toEqual(["init", "user/4", "users/1", "users/deep/er/2", "users_old/3"]);
      expect(await keys("users/1/")).toEqual([]);
    });

    test("lists all pages with sizes, and deletes what it is told, also what is not there", async () => {
      const all = Array.from({ length: manyFiles }, (_, index) => `many/${String(index).padStart(5, "0")}`);
      for (const key of all) await store.put(key, text(key));
      const sizes: number[] = [];
      for await (const { bytes } of store.list("many/")) sizes.push(bytes);
      expect(sizes).toEqual(all.map((key) => key.length));
      const [kept = "", ...gone] = all;
      expect(await store.delete([...gone, "many/not-there", "never/there"])).toEqual([]);
      expect(await keys("")).toEqual([kept]);
      expect(await store.delete([])).toEqual([]);
    });

    test("deletes by the beginning of keys and nothing beside", async () => {
      for (const key of ["ds/users/1", "ds/users_old/2", "ds_staging/3", "ds/users/deep/4"])
        await store.put(key, text(key));
      await deleteFiles(store, "ds/users/", { isMeant: (key) => !key.endsWith("4") });
      expect(await keys("")).toEqual(["ds/users/deep/4", "ds/users_old/2", "ds_staging/3"]);
      await deleteFiles(store, "ds/");
      expect(await keys("")).toEqual(["ds_staging/3"]);
    });

    test("takes keys with odd characters", async () => {
      for (const key of oddKeys) await store.put(key, text(key));
      expect(await keys("")).toEqual([...oddKeys].sort());
      for (const key of oddKeys) {
        expect(await readText(store, key)).toBe(key);
        expect(await store.stat(key)).toMatchObject({ key });
        expect(await keys([...key].slice(0, -1).join(""))).toEqual([key]);
      }
      expect(await store.delete(oddKeys)).toEqual([]);
      expect(await keys("")).toEqual([]);
    });

    test.each(["", "/a", "a/", "a//b", ".", "a/../b", "../a", "nul\0", "half \ud83e"])(
      "refuses the key %j",
      async (key) => {
        const invalid = { code: "FILE_KEY_INVALID" };
        await expect(store.put(key, text("x"))).rejects.toMatchObject(invalid);
        await expect(store.putIfAbsent(key, text("x"))).rejects.toMatchObject(invalid);
        await expect(readBytes(store, key)).rejects.toMatchObject(invalid);
        await expect(store.stat(key)).rejects.toMatchObject(invalid);
        await expect(store.delete([key])).rejects.toMatchObject(invalid);
      },
    );

    test("keeps nothing of a file that cannot be read here", async () => {
      const missing = { path: join(folder, "not-there") };
      const unreadable = { code: "DESTINATION_LOAD_FILE_UNREADABLE" };
      await expect(store.put("a", missing)).rejects.toMatchObject(unreadable);
      await expect(store.putIfAbsent("a", missing)).rejects.toMatchObject(unreadable);
      await expect(store.put("a", { path: folder })).rejects.toMatchObject(unreadable);
      expect(await keys("")).toEqual([]);
    });

    test("does nothing once it was stopped", async () => {
      await store.put("a", text("kept"));
      const reason = new Error("stopped");
      const options = { signal: AbortSignal.abort(reason) };
      await expect(store.put("a", text("x"), options)).rejects.toBe(reason);
      await expect(store.putIfAbsent("b", text("x"), options)).rejects.toBe(reason);
      await expect(readBytes(store, "a", options)).rejects.toBe(reason);
      await expect(store.stat("a", options)).rejects.toBe(reason);
      await expect(store.delete(["a"], options)).rejects.toBe(reason);
      await expect(keys("", options)).rejects.toBe(reason);
      expect(await readText(store, "a")).toBe("kept");
      expect(await keys("")).toEqual(["a"]);
    });

    test("leaves nothing of a large file whose writing is stopped midway", async () => {
      const content = await localFile(randomBytes(largeBytes));
      const reason = new Error("stopped");
      const stop = new AbortController();
      const write = store.put("large", content, { signal: stop.signal });
      setImmediate(() => stop.abort(reason));
      const outcome = await write.then(
        () => "written",
        (error: unknown) => error,
      );
      // A fast store may be done before it hears of it: then the file is whole.
      if (outcome === "written") expect((await store.stat("large"))?.bytes).toBe(largeBytes);
      else {
        expect(outcome).toBe(reason);
        expect(await keys("")).toEqual([]);
      }
      expect(await suite.leftovers?.()).toEqual(suite.leftovers === undefined ? undefined : []);
    });

    test("stops reading midway", async () => {
      await store.put("large", randomBytes(largeBytes));
      const reason = new Error("stopped");
      const stop = new AbortController();
      const read = async () => {
        for await (const piece of store.get("large", { signal: stop.signal })) if (piece.length > 0) stop.abort(reason);
      };
      await expect(read()).rejects.toBe(reason);
    });

    test("lets go of a file that is not read to its end", async () => {
      await store.put("large", randomBytes(largeBytes));
      for await (const _ of store.get("large")) break;
      expect(await store.delete(["large"])).toEqual([]);
    });
  });
}
