import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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

test("the example of the README is the one that the compiler checks", () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const example = readFileSync(join(import.meta.dirname, "readme-example.ts"), "utf8");
  expect(readme.match(/```ts\n(.*?)```/s)?.[1]).toBe(example);
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
