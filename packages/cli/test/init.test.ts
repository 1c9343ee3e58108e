import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newProject } from "./project.js";

test("a new program loads as it is; what is there already stays", async () => {
  const { dlt, folder, write } = await newProject();
  await write(".gitignore", "dist/\n");
  const made = await dlt(["init", "shop", "duckdb"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(made.out).toContain(
    "Wrote shop_pipeline.ts, .dlt/config.toml, .dlt/secrets.toml\nLeft as it was: .gitignore\n",
  );
  expect(made.out).toContain("  Add the line .dlt/secrets.toml to .gitignore\n");
  const run = await dlt(["pipeline", "shop_pipeline.ts", "run"]);
  expect(run).toMatchObject({ code: 0, err: "" });
  expect(run.out).toContain("items (new table): id bigint not null, name text, changed_at timestamp\n");
  const again = await dlt(["init", "shop", "duckdb"]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("CLI:FILE_EXISTS") });
  expect(await dlt(["init", "Shop 1", "duckdb"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("lower case letters"),
  });
  expect(await dlt(["init", "other", "no_such"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("npm install @dlt/destination-no-such"),
  });
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("dist/\n");
});

test("what a destination needs is there to be filled in, once", async () => {
  const { dlt, folder } = await newProject();
  expect((await dlt(["init", "shop", "postgres"])).out).toContain(
    "  Fill in the settings of postgres in .dlt/secrets.toml.",
  );
  const secrets = () => readFile(join(folder, ".dlt/secrets.toml"), "utf8");
  const written = await secrets();
  expect(written).toMatch(
    /\n\n\[destination\.postgres\.credentials\]\ndatabase = "<configure me>" # fill this in![^]*\npassword = "<configure me>"/,
  );
  await dlt(["init", "other", "postgres"]);
  expect(await secrets()).toBe(written);
});
