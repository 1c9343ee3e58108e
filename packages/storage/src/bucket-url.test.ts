import { isDltError } from "@dlt/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBucketUrl } from "./bucket-url.js";

const parse = (url: string) => parseBucketUrl(url, "linux");

describe("folders", () => {
  test.each([
    ["data", "data"],
    ["./data/files", "./data/files"],
    ["/abs/data", "/abs/data"],
    ["a:b/c", "a:b/c"],
    ["C:\\data", "C:\\data"],
    ["C:/data", "C:/data"],
    ["\\\\server\\share", "\\\\server\\share"],
    ["file:///abs/da%20ta", "/abs/da ta"],
    ["FILE:///abs", "/abs"],
    ["file://localhost/abs", "/abs"],
  ])("%s", (url, folder) => {
    expect(parse(url)).toEqual({ scheme: "file", folder });
  });

  test.each([
    ["file:///C:/data/x", "C:\\data\\x"],
    ["file:///c:/da%20ta", "c:\\da ta"],
    ["file://server/share/x", "\\\\server\\share\\x"],
    ["file://localhost/D:/x", "D:\\x"],
  ])("%s on Windows", (url, folder) => {
    expect(parseBucketUrl(url, "win32")).toEqual({ scheme: "file", folder });
  });
});

describe("buckets", () => {
  test.each([
    ["s3://bucket", { scheme: "s3", bucket: "bucket", path: "" }],
    ["s3://bucket/", { scheme: "s3", bucket: "bucket", path: "" }],
    ["s3://my.bucket/a/b/", { scheme: "s3", bucket: "my.bucket", path: "a/b" }],
    ["s3://bucket/a b/ü?#%20", { scheme: "s3", bucket: "bucket", path: "a b/ü?#%20" }],
    ["gs://bucket/a", { scheme: "gs", bucket: "bucket", path: "a" }],
    ["gcs://bucket/a", { scheme: "gs", bucket: "bucket", path: "a" }],
    ["az://container/a", { scheme: "az", bucket: "container", path: "a" }],
    ["azure://container", { scheme: "az", bucket: "container", path: "" }],
    ["adl://container/a", { scheme: "az", bucket: "container", path: "a" }],
    ["abfs://container/a", { scheme: "az", bucket: "container", path: "a" }],
    [
      "abfss://c@acme.dfs.core.windows.net/a/b",
      { scheme: "az", bucket: "c", path: "a/b", host: "acme.dfs.core.windows.net" },
    ],
    ["memory://m/x", { scheme: "memory", bucket: "m", path: "x" }],
  ])("%s", (url, location) => {
    expect(parse(url)).toEqual(location);
  });
});

test.each([
  ["", "is empty"],
  ["ftp://host/x", "has the scheme `ftp`, which is not known"],
  ["s3:bucket/x", "lacks `//` after `s3:`"],
  ["s3://", "names no bucket after `s3://`"],
  ["s3:///path", "names no bucket after `s3://`"],
  ["gs://bu cket/x", "names no bucket after `gs://`"],
  ["az://@host/x", "names no container"],
  ["az://c@host/?sv=1&sig=hunter2", "has a query"],
  ["az://c@/x", "names no host after `@`"],
  ["s3://key:hunter2@bucket/x", "has credentials before `@`"],
  ["s3://bucket/a//b", "has an empty part"],
  ["s3://bucket/a/../b", "has an empty part, `.` or `..`"],
  ["file://relative", "names no absolute path"],
  ["file://server/share", "names another machine"],
  ["file:///a%2", "has a `%`"],
  ["a\0b", "has a null character"],
])("refuses %j and does not show it", (url, reason) => {
  let error: unknown;
  try {
    parse(url);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code: "FILE_STORE_URL_INVALID" });
  expect(isDltError(error) && error.message).toContain(reason);
  expect(String(error)).not.toContain("hunter2");
});

test("gives a location or an error of its own for any text", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("", "s3://", "az://", "file://", "x://"),
      fc.string({ unit: "binary-ascii" }),
      (start, rest) => {
        try {
          parse(start + rest);
        } catch (error) {
          expect(error).toMatchObject({ code: "FILE_STORE_URL_INVALID" });
        }
      },
    ),
  );
});

test("a path in a bucket comes back as it was written", () => {
  const part = fc.stringMatching(/^[^/\0]+$/u).filter((text) => text !== "." && text !== "..");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      const path = parts.join("/");
      expect(parse(`s3://bucket/${path}`)).toEqual({ scheme: "s3", bucket: "bucket", path });
    }),
  );
});
