import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { create, emptyFolder, filesOf } from "./call.js";

interface Workflow {
  readonly jobs: { readonly test: { readonly steps: readonly { readonly run?: string }[] } };
}

const repository = new URL("../../..", import.meta.url);

test("a project is made without a terminal, and it is said what comes next", async () => {
  const folder = await emptyFolder();
  expect(await create(folder, ["my-project", "--no-install"])).toEqual({
    code: 0,
    out: `
Next:
  cd my-project
  npm install                              installs its packages
  npm start                                loads a few rows into DuckDB
  npx dlt pipeline my_project show items   shows them

Then read your own rows in my_project_pipeline.ts. README.md says more.
`,
    err: `Wrote 9 files into ${join(folder, "my-project")}\n`,
  });
  const files = await filesOf(join(folder, "my-project"));
  expect([...files.keys()]).toEqual([
    ".dlt/config.toml",
    ".dlt/secrets.toml",
    ".gitignore",
    "AGENTS.md",
    "README.md",
    "llms.txt",
    "my_project_pipeline.ts",
    "package.json",
    "tsconfig.json",
  ]);
  expect(files.get(".gitignore")).toContain("\n.dlt/secrets.toml\n");
  expect([...files.values()].join("\n")).not.toMatch(/my[-_]shop/);
});

test("the packages of a new project are those of this release", async () => {
  const folder = await emptyFolder();
  await create(folder, ["--yes", "--no-install"]);
  const { dependencies, devDependencies } = JSON.parse(
    await readFile(join(folder, "dlt-project/package.json"), "utf8"),
  ) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const range = async (path: string): Promise<string> => {
    const { version } = JSON.parse(await readFile(new URL(`${path}/package.json`, repository), "utf8")) as {
      readonly version: string;
    };
    return `^${version}`;
  };
  expect(dependencies).toEqual({
    "@dlt/cli": await range("packages/cli"),
    "@dlt/core": await range("packages/core"),
    "@dlt/destination-duckdb": await range("destinations/duckdb"),
    "@dlt/pipeline": await range("packages/pipeline"),
    "@dlt/sql": await range("packages/sql"),
  });
  expect(devDependencies).toEqual({
    "@types/node": await range("packages/create/node_modules/@types/node"),
    typescript: await range("packages/create/node_modules/typescript"),
  });
});

test("commands are those of the package manager that started it, or that was named", async () => {
  const folder = await emptyFolder();
  const made = await create(folder, ["shop", "--no-install"], {
    npm_config_user_agent: "pnpm/10.1.0 npm/? node/v20.20.2 linux x64",
  });
  expect(made.out).toContain("  pnpm install ");
  expect(made.out).toContain("  pnpm exec dlt pipeline shop show items ");
  expect(await readFile(join(folder, "shop/README.md"), "utf8")).not.toMatch(/\b(?:npm|npx) /);
  const named = await create(folder, [
    "--connector=source",
    "--package-manager",
    "bun",
    "--no-install",
    "--name",
    "@acme/lake",
  ]);
  expect(named.out).toContain("  cd lake\n  bun install ");
});

test.each(["source", "destination"])("the package of a %s is made under its own names", async (kind) => {
  const folder = await emptyFolder();
  const made = await create(folder, ["acme-lake", "--connector", kind, "--no-install"]);
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining("  npm test ") });
  const files = await filesOf(join(folder, "acme-lake"));
  expect([...files.keys()]).toEqual([
    ".changeset/config.json",
    ".changeset/first-release.md",
    ".github/workflows/ci.yml",
    ".gitignore",
    "AGENTS.md",
    "README.md",
    "llms.txt",
    "package.json",
    "src/acme-lake.ts",
    "src/index.ts",
    expect.stringMatching(/^test\/.*\.test\.ts$/),
    "tsconfig.json",
  ]);
  expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({ name: `dlt-${kind}-acme-lake` });
  const { jobs } = parse(files.get(".github/workflows/ci.yml") ?? "") as Workflow;
  expect(jobs.test.steps.flatMap(({ run }) => run ?? [])).toEqual([
    "npm ci",
    "npm run typecheck",
    "npm test",
    "npm run build",
    "npm run check",
  ]);
  expect([...files.values()].join("\n")).not.toMatch(/help[-_]?desk|json[-_]?folder|dlt-connector/i);
});

test("a connector may have the name of a template within its own", async () => {
  const folder = await emptyFolder();
  await create(folder, ["--connector", "destination", "--name", "@my/my-json-folder", "--no-install"]);
  const files = await filesOf(join(folder, "my-json-folder"));
  expect(files.get("src/index.ts")).toBe('export { myJsonFolder } from "./my-json-folder.js";\n');
  expect(files.get("README.md")).toMatch(/^# @my\/my-json-folder\n/);
  // Only packages with the right prefix are found by a name.
  expect(files.get("README.md")).not.toContain('destination: "my_json_folder"');
});

test("a folder that has something in it stays as it is", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "notes.txt"), "mine");
  expect(await create(folder, [".", "--name", "shop"])).toEqual({
    code: 1,
    out: "",
    err: `Error CREATE:FOLDER_NOT_EMPTY: \`${folder}\` is not empty: \`notes.txt\`. Nothing was written.\nName another folder, one that is empty or not there yet.\n`,
  });
  expect(await readdir(folder)).toEqual(["notes.txt"]);
});

test.each([
  [["My Shop"], "Error CREATE:NAME_INVALID: The name of the folder, `My Shop`, ", "\nGive another: --name my-shop\n"],
  [["shop", "--name", "fs"], "Error CREATE:NAME_INVALID: `fs` cannot be", "\nGive another: --name my-fs\n"],
  [
    ["lake", "--connector", "destination", "--name", "acme_lake"],
    "it does not begin with `dlt-destination-`",
    "\nGive another: --name dlt-destination-acme-lake\n",
  ],
  [["delete", "--connector", "source"], "`delete` means something else", "--name dlt-source-my-delete\n"],
  [["lake", "--connector"], "Error CREATE:ANSWER_NEEDED: ", "\nWrite --connector source or --connector destination.\n"],
  [["--connector", "lake"], "argument 'lake' is invalid. It is source or destination.", "--help"],
  [["lake", "--conector"], "unknown option '--conector'", "Did you mean --connector?"],
  [["lake", "--package-manager", "pip"], "Allowed choices are npm, pnpm, yarn, bun.", "--help"],
  [["lake", "sea"], "too many arguments", "--help"],
])("%j is refused, with what to do", async (args, message, hint) => {
  const folder = await emptyFolder();
  const refused = await create(folder, args);
  expect(refused).toMatchObject({ code: 1, out: "", err: expect.stringContaining(message) });
  expect(refused.err).toContain(hint);
  expect(refused.err).not.toMatch(/^\s+at /m);
  expect(await readdir(folder)).toEqual([]);
});

test("what cannot be installed is written all the same; a stack is shown with --debug", async () => {
  const folder = await emptyFolder();
  const made = await create(folder, ["shop", "--debug"], { PATH: folder });
  expect(made).toMatchObject({ code: 1, out: "" });
  expect(made.err).toContain(
    `Error CREATE:INSTALL_FAILED: All files are written to \`${join(folder, "shop")}\`, but \`npm install\` could not be started: `,
  );
  expect(made.err).toMatch(/\n\s+at /);
  expect(await readdir(join(folder, "shop"))).toContain("package.json");
});
