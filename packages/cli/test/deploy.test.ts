import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { newProject, type Project } from "./project.js";

const secret = (name: string): string => `$\{{ secrets.${name} }}`;

async function inRepository(): Promise<Project> {
  const project = await newProject();
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: project.folder });
  git("init", "--quiet");
  git("remote", "add", "origin", "git@github.com:acme/loads.git");
  await project.write("package.json", '{ "type": "module", "devDependencies": { "@dlt/cli": "1" } }');
  await project.write("package-lock.json", "{}");
  await project.write("loads/shop.ts", "");
  await project.write(
    ".dlt/secrets.toml",
    '[sources.shop]\napi_key = "hunter2"\n\n[destination.big-query.credentials]\nprivate_key = "x"\n',
  );
  return project;
}

test("a workflow of GitHub Actions runs a program on a schedule, with the secrets of the project by their names", async () => {
  const { dlt, folder } = await inRepository();
  const args = ["deploy", "loads/shop.ts", "github-action"];
  const unanswered = await dlt(args);
  expect(unanswered).toMatchObject({ code: 1, err: expect.stringContaining('Answer with --schedule "<cron>".') });
  const deployed = await dlt([...args, "--schedule", "30 6 * * 1-5", "--run-on-push"]);
  expect(deployed).toMatchObject({ code: 0, err: "" });
  expect(deployed.out).toContain("It runs loads/shop.ts: at 06:30, Monday through Friday (UTC).");
  expect(deployed.out).toContain(
    "Add these secrets at https://github.com/acme/loads/settings/secrets/actions:\n  SOURCES__SHOP__API_KEY  (sources.shop.api_key of",
  );
  const workflow = await readFile(join(folder, ".github/workflows/run_shop_workflow.yml"), "utf8");
  expect(deployed.out + workflow).not.toContain("hunter2");
  expect(parse(workflow)).toEqual({
    name: "Run loads/shop.ts",
    on: { schedule: [{ cron: "30 6 * * 1-5" }], workflow_dispatch: null, push: null },
    permissions: { contents: "read" },
    concurrency: { group: "run_shop", "cancel-in-progress": false },
    env: {
      SOURCES__SHOP__API_KEY: secret("SOURCES__SHOP__API_KEY"),
      "DESTINATION__BIG-QUERY__CREDENTIALS__PRIVATE_KEY": secret("DESTINATION__BIG_QUERY__CREDENTIALS__PRIVATE_KEY"),
    },
    jobs: {
      run_pipeline: {
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 360,
        steps: [
          { uses: "actions/checkout@v4" },
          { uses: "actions/setup-node@v4", with: { "node-version": 22 } },
          { run: "npm ci" },
          { run: "npx dlt --non-interactive pipeline loads/shop.ts run" },
        ],
      },
    },
  });
  const again = await dlt([...args, "--schedule", "0 0 * * *"]);
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining("CLI:FILE_EXISTS") });
  expect(await dlt([...args, "--schedule", "0 0 * * *", "--force", "--no-run-manually", "--json"])).toMatchObject({
    code: 0,
  });
});

test("a DAG of Airflow runs a program in a shell, and leaves nothing on the worker", async () => {
  const { dlt, folder, write } = await inRepository();
  const deployed = await dlt(["deploy", "loads/shop.ts", "airflow", "--schedule", "30 6 * * *"]);
  expect(deployed).toMatchObject({ code: 0, err: "" });
  expect(deployed.out).toContain(
    "Add these variables to Airflow, below Admin, Variables:\n  SOURCES__SHOP__API_KEY  (sources.shop.api_key of",
  );
  const dag = await readFile(join(folder, "dags/dag_shop.py"), "utf8");
  expect(deployed.out + dag).not.toContain("hunter2");
  expect(dag).toContain(`    "SOURCES__SHOP__API_KEY": "{{ var.value.get('SOURCES__SHOP__API_KEY') }}",\n`);
  expect(dag).toContain('    dag_id="shop",\n    schedule="30 6 * * *",\n');

  await write(
    "loads/shop.ts",
    `import { pipeline } from "@dlt/pipeline";
     console.log(process.env["DLT_DATA_DIR"]);
     await pipeline({ pipelineName: "shop", destination: "duckdb" }).run([{ id: 1 }], { tableName: "orders" });`,
  );
  await write("node_modules/.bin/.keep", "");
  await symlink(fileURLToPath(new URL("../dist/main.js", import.meta.url)), join(folder, "node_modules/.bin/dlt"));
  const command = /COMMAND = r"""\n(.*?)"""/s.exec(dag)?.[1] ?? "";
  const database = join(folder, "shop.duckdb");
  const out = execFileSync("bash", ["-c", command], {
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      DLT_PROJECT_DIR: folder,
      DESTINATION__DUCKDB__CREDENTIALS: database,
    },
  });
  expect(out).toContain("Pipeline shop loaded 1 row into 1 table");
  const dataFolder = out.split("\n", 1)[0] ?? "";
  expect([existsSync(database), dataFolder.startsWith("/"), existsSync(dataFolder)]).toEqual([true, true, false]);
});

test("schedules that are none, broken secrets and programs outside of a repository are refused", async () => {
  const { dlt, write } = await inRepository();
  const args = ["deploy", "loads/shop.ts", "github-action", "--schedule"];
  for (const schedule of ["99 * * * *", "* * * *", "daily"]) {
    expect(await dlt([...args, schedule])).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        new RegExp(
          `^Error CLI:ARGUMENT_INVALID: \`${schedule.replaceAll("*", "\\*")}\` is no schedule: [^]*Write minute, hour, day of month`,
        ),
      ),
    });
  }
  await write(".dlt/secrets.toml", "a = hunter2\n");
  const broken = await dlt([...args, "0 0 * * *"]);
  expect(broken).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /^Error CONFIG_FILE_INVALID: `[^`]*secrets\.toml` is not valid TOML at line 1, column \d+\.\nCorrect line 1/,
    ),
  });
  expect(broken.err).not.toContain("hunter2");
  const elsewhere = await newProject();
  await elsewhere.write("shop.ts", "");
  expect(await elsewhere.dlt(["deploy", "shop.ts", "github-action", "--schedule", "0 0 * * *"])).toMatchObject({
    code: 1,
    err: expect.stringContaining("is in no git repository"),
  });
});
