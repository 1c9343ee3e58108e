import { isDestination } from "@dlt/core";
import { localStore, memoryStore } from "@dlt/storage";
import { expect, test } from "vitest";
import { filesystem } from "../src/index.js";
import { installed } from "../src/store-provider.js";
import { errorOf, openClient } from "./support.js";

test("is a destination with the settings that are given", () => {
  const destination = filesystem({
    bucketUrl: "s3://b",
    destinationName: "lake",
    capabilities: { maxParallelJobs: 3 },
  });
  expect(isDestination(destination)).toBe(true);
  expect(destination).toMatchObject({ type: "filesystem", name: "lake", given: { bucketUrl: "s3://b" } });
  expect(destination.capabilities).toMatchObject({ preferredFileFormat: "jsonl", maxParallelJobs: 3 });
});

test.each([
  ["s3://bucket/path", "s3://bucket/path"],
  ["gs://bucket/path", "gs://bucket/path"],
  ["abfss://container@acme.dfs.core.windows.net/path", "az://container/path"],
  ["file:///data/lake", "file:///data/lake"],
])("%s is opened by the package of its cloud", async (bucketUrl, location) => {
  expect((await openClient({ bucketUrl })).displayLocation).toBe(location);
});

test("files in memory are refused unless they are kept", async () => {
  expect((await errorOf(openClient())).code).toBe("DESTINATION_IN_MEMORY");
  const { displayLocation, identity } = await openClient({ store: memoryStore() });
  expect([displayLocation, identity]).toEqual(["memory://m", "memory://m"]);
});

test("a store has to be of the kind that the address names", async () => {
  const error = await errorOf(openClient({ store: localStore(), bucketUrl: "s3://bucket" }));
  expect(error.message).toBe("The given store opens `file`, but the address of the files is one of `s3`.");
});

test("a layout that is not unique is refused when it is connected", async () => {
  const error = await errorOf(openClient({ store: memoryStore(), layout: "{table_name}/{load_id}.{ext}" }));
  expect(error.code).toBe("FILE_LAYOUT_INVALID");
});

test("a package that is not installed is named with the command that adds it", async () => {
  const name = "@dlt/storage-nowhere";
  const error = await errorOf(installed(name, () => import(/* @vite-ignore */ name)));
  expect(error.code).toBe("FILE_STORE_NOT_INSTALLED");
  expect(error.hint).toMatch(/^Add it: (npm install|\w+ add) @dlt\/storage-nowhere$/);
});

test("a package that fails for another reason is not called missing", async () => {
  const broken = Object.assign(new Error("Cannot find package 'inner' imported from /a.js"), {
    code: "ERR_MODULE_NOT_FOUND",
  });
  await expect(installed("@dlt/storage-s3", () => Promise.reject(broken))).rejects.toBe(broken);
});
