import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Compression, codecOf } from "./compression.js";

const bytes = Buffer.from("alpha beta gamma ".repeat(1000));

test("pages stay as they are by default", () => {
  expect(codecOf("none")).toEqual({ id: 0, compress: null });
});

test("gzip is that of Node", () => {
  const { id, compress } = codecOf("gzip");
  const compressed = compress?.(bytes) ?? bytes;
  expect(id).toBe(2);
  expect(compressed.length).toBeLessThan(bytes.length / 10);
  expect(gunzipSync(compressed)).toEqual(bytes);
});

describe("what is not possible is said", () => {
  test("when the name is unknown", () => {
    expect(() => codecOf("lzo" as Compression)).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        code: "CONFIG_VALUE_INVALID",
        message: expect.stringContaining("`lzo`"),
      }),
    );
  });

  test("when this runtime lacks it", () => {
    const process = globalThis.process;
    // A runtime as old as Node 20, or no Node at all.
    for (const other of [{ version: "v20.19.0", getBuiltinModule: () => ({}) }, undefined]) {
      Object.defineProperty(globalThis, "process", { value: other, configurable: true });
      try {
        for (const compression of ["gzip", "zstd"] as const) {
          expect(() => codecOf(compression)).toThrow(
            expect.objectContaining({
              name: "ConfigError",
              code: "FILE_COMPRESSION_UNAVAILABLE",
              context: { compression },
            }),
          );
        }
      } finally {
        Object.defineProperty(globalThis, "process", { value: process, configurable: true });
      }
    }
  });
});
