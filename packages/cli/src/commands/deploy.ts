import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { managerCommands } from "@dlt/create";
import { Argument, type Command } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { airflowDag, dagPath } from "../deploy/airflow-dag.js";
import { githubWorkflow, workflowPath } from "../deploy/github-workflow.js";
import { type DeployedProject, projectOf } from "../deploy/project-of.js";
import { type SecretKey, secretKeys } from "../deploy/secret-keys.js";
import { CliError } from "../errors.js";
import { asked } from "../prompts.js";
import { section } from "../text.js";

interface DeployOptions extends FactOptions {
  readonly schedule?: string;
  readonly runManually: boolean;
  readonly runOnPush?: boolean;
  readonly force?: boolean;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<script>", "a TypeScript or JavaScript file that runs pipelines")
    .addArgument(new Argument("<where>", "where it is to run").choices(["github-action", "airflow"]))
    .option("--schedule <cron>", 'when, in UTC, e.g. "30 6 * * *": every day at 06:30')
    .option("--no-run-manually", "github-action: leave out the button that starts it by hand")
    .option("--run-on-push", "github-action: also run it with every push")
    .option("--force", "write over a file that is there")
    .addHelpText("after", help)
    .action(async (script: string, where: Place, options: DeployOptions) =>
      show(cli, await deployed(cli, { script, where }, options), options),
    );
}

const help = `
github-action writes a workflow below .github/workflows, airflow a DAG below dags. The keys of .dlt/secrets.toml become secrets of the
repository or variables of Airflow, which you add there; no value leaves the file.`;

type Place = "github-action" | "airflow";

async function deployed(
  cli: Cli,
  { script, where }: { readonly script: string; readonly where: Place },
  options: DeployOptions,
): Promise<Report> {
  const project = await projectOf(cli, script);
  const question = "When is it to run, as five fields of cron in UTC?";
  const schedule = await asked(cli, { question, given: options.schedule, flag: '--schedule "<cron>"' });
  const words = await scheduleInWords(schedule);
  const secrets = secretKeys(join(project.repository, project.folder));
  const { runManually, runOnPush = false, force = false } = options;
  const [path, content] =
    where === "airflow"
      ? [dagPath(project), airflowDag(project, { schedule, secrets })]
      : [workflowPath(project), githubWorkflow(project, { schedule, runManually, runOnPush, secrets })];
  writeNew(join(project.repository, path), content, { force });
  const facts = {
    [where === "airflow" ? "dag" : "workflow"]: path,
    schedule,
    schedule_in_words: words,
    secrets: secrets.map(({ key, secret }) => ({ key, secret })),
    repository: project.github,
  };
  return { facts, text: deployText({ project, where, path, words, secrets }) };
}

/** @throws CliError `CLI:ARGUMENT_INVALID` */
async function scheduleInWords(schedule: string): Promise<string> {
  const { default: cronstrue } = await import("cronstrue");
  try {
    if (schedule.trim().split(/\s+/).length !== 5) throw new Error("It has to have five fields");
    return cronstrue.toString(schedule, { use24HourTimeFormat: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError("CLI:ARGUMENT_INVALID", `\`${schedule}\` is no schedule: ${reason.replace(/^Error: /, "")}.`, {
      hint: 'Write minute, hour, day of month, month and day of week, e.g. "30 6 * * *".',
    });
  }
}

/** @throws CliError `CLI:FILE_EXISTS` */
function writeNew(path: string, content: string, { force }: { readonly force: boolean }): void {
  if (existsSync(path) && !force)
    throw new CliError("CLI:FILE_EXISTS", `\`${path}\` is there already, and was left as it is.`, {
      hint: "Write over it with --force.",
    });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

interface Deployed {
  readonly project: DeployedProject;
  readonly where: Place;
  readonly path: string;
  readonly words: string;
  readonly secrets: readonly SecretKey[];
}

function deployText({ project, where, path, words, secrets }: Deployed): string {
  const { github, manager, hasCli, isLocked } = project;
  const seen =
    where === "airflow"
      ? ["Where Airflow takes this repository as its DAGs, the DAG appears there; workers need Node 20.19 or later."]
      : github === null
        ? []
        : [`See it run: https://github.com/${github}/actions`];
  const steps = [
    ...(hasCli ? [] : [`Add the command to the project: ${managerCommands[manager].addDev} @dlt/cli`]),
    ...(isLocked ? [] : ["Commit a lock file, so that every run installs the same: npm install"]),
    `git add ${path} && git commit -m "run ${project.script} on a schedule" && git push`,
    ...seen,
  ];
  return [
    `Wrote ${path}. It runs ${project.script}: ${words[0]?.toLowerCase()}${words.slice(1)} (UTC).`,
    ...section(
      `Add these ${secretsPlace(where, github)}:`,
      secrets.map(({ key, secret }) => `${secret}  (${key} of .dlt/secrets.toml)`),
    ),
    ...section("Then:", steps),
    "",
    "Each run starts on an empty machine: state and schemas come from the destination, which has to be one that stays, not a local file.",
  ].join("\n");
}

/** Where secrets are added. */
function secretsPlace(where: Place, github: string | null): string {
  if (where === "airflow") return "variables to Airflow, below Admin, Variables";
  return github === null
    ? "secrets of the repository, on GitHub below Settings, Secrets and variables, Actions"
    : `secrets at https://github.com/${github}/settings/secrets/actions`;
}
