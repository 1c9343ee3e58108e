import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testServer } from "@dlt/test-servers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codeBlocks, readPage } from "../src/markdown.js";
import { runProgram } from "../src/run-program.js";
import { publishedPackages, repositoryRoot } from "../src/workspace.js";

/** The first program of a package's README runs as pasted, in a project that has installed what it imports. */
const readmes = publishedPackages()
  .map(({ folder }) => `${folder}/README.md`)
  .filter((page) => !firstProgram(page).includes("declare const"));

let project: string;

beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), "dlt-project-")));
  await writeFile(join(project, "package.json"), '{ "type": "module" }');
  await mkdir(join(project, "node_modules", "@dlt"), { recursive: true });
  await symlink(join(repositoryRoot, "tooling/node_modules/@duckdb"), join(project, "node_modules", "@duckdb"));
  for (const { folder, manifest } of publishedPackages()) {
    await symlink(join(repositoryRoot, folder), join(project, "node_modules", manifest.name));
  }
});

afterAll(async () => {
  await rm(project, { recursive: true });
});

test("most packages have a program to run", () => {
  expect(readmes.length).toBeGreaterThan(publishedPackages().length / 2);
});

test.each(readmes)(
  "%s",
  async (page) => {
    const program = join(project, `${page.replaceAll("/", "-")}.ts`);
    await writeFile(program, await withServers(firstProgram(page)));
    expect(await runProgram(program, project)).not.toBe("");
  },
  60_000,
);

/** A program with a server of the tests in the place of one that would have to be there. */
async function withServers(program: string): Promise<string> {
  if (!program.includes("loader:secret@localhost:5432/shop")) return program;
  const { port, query } = await testServer();
  await query("CREATE ROLE loader LOGIN PASSWORD 'secret'");
  await query("CREATE DATABASE shop OWNER loader");
  return program.replace("localhost:5432", `127.0.0.1:${port}`);
}

function firstProgram(page: string): string {
  return (
    codeBlocks(readPage(page))
      .find(({ language }) => language === "ts")
      ?.content.join("\n") ?? ""
  );
}
