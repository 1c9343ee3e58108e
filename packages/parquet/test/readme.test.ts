import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { rowsOfHyparquet } from "./readers.js";

const started = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dlt-parquet-"));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

test("the examples of the README are those that the compiler checks", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const examples = ["readme-example.ts", "readme-reading.ts"].map((name) =>
    readFileSync(join(import.meta.dirname, name), "utf8"),
  );
  expect([...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)).toEqual(examples);
});

test("the example of the README writes its rows", async () => {
  await import("./readme-example.js");
  const table = {
    name: "users",
    columns: [
      { name: "id", dataType: "bigint", nullable: false },
      { name: "name", dataType: "text", nullable: true },
    ],
  } as const;
  expect(await rowsOfHyparquet(readFileSync("users.parquet"), table)).toEqual([
    { id: 1n, name: "Ada" },
    { id: 2n, name: null },
    { id: 3n, name: "Bob" },
  ]);
});

test("the example of the README reads them", async () => {
  const lines = vi.spyOn(console, "log").mockReturnValue(undefined);
  await import("./readme-reading.js");
  expect(lines.mock.calls).toContainEqual([3, 2]);
});
