import { resolve } from "node:path";
import { styleText } from "node:util";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { connectorFiles } from "./connector-files.js";
import { type ConnectorKind, connectorKinds } from "./connector-name.js";
import { CreateError } from "./errors.js";
import { install } from "./install.js";
import { writeNewFolder } from "./new-folder.js";
import { nextSteps } from "./next-steps.js";
import { managerFiles, packageManagers } from "./package-manager.js";
import { type CreateOptions, type CreatePlan, createPlan } from "./plan.js";
import { projectFiles } from "./project-files.js";
import { createVersion } from "./versions.js";

/**
 * Makes a project or a connector with these arguments, e.g. `["my-project", "--no-install"]`. What to do next goes to the standard output,
 * everything else to the standard error; nothing is thrown.
 * @returns the exit code: 0 done, 1 failed
 */
export async function runCreate(argv: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(argv, { from: "user" });
    return 0;
  } catch (error) {
    // What it has to say was said already: help, version, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    process.stderr.write(`${errorText(error, argv.includes("--debug"))}\n`);
    return 1;
  }
}

function program(): Command {
  return new Command("create-dlt")
    .description("Makes a project with a pipeline that runs, or the package of a connector.")
    .usage("[folder] [options]")
    .argument("[folder]", "a folder that is empty or not there yet")
    .addOption(
      new Option("--connector [kind]", "make the package of a connector: source or destination").argParser(
        connectorKind,
      ),
    )
    .option("--name <name>", "name of the package (default: that of the folder)")
    .addOption(
      new Option("--package-manager <name>", "who installs (default: the one that started this)").choices(
        packageManagers,
      ),
    )
    .option("--install", "install its packages (default)")
    .option("--no-install", "only write files")
    .option("-y, --yes", "ask nothing: what is not said is as it is by default")
    .option("--debug", "show where an error comes from")
    .version(createVersion, "--version", "print the version")
    .helpOption("-h, --help", "show this help")
    .addHelpText("after", help)
    .showHelpAfterError("--help lists what it takes. With npm, options stand behind --.")
    .exitOverride()
    .action(async (folder: string | undefined, options: CreateOptions) => create(await createPlan(folder, options)));
}

const help = `
Examples:
  $ npm create @dlt@latest                                   asks where
  $ npm create @dlt@latest my-project
  $ npm create @dlt@latest dlt-source-acme -- --connector source
  $ npm create @dlt@latest . -- --name my-project --no-install

Without a terminal nothing is asked, as with --yes.`;

async function create(plan: CreatePlan): Promise<void> {
  const { folder, made, manager } = plan;
  const files = {
    ...(made.kind === "project"
      ? projectFiles(made.packageName, manager)
      : connectorFiles(made.kind, made.connector, manager)),
    ...managerFiles(manager),
  };
  const path = resolve(folder);
  writeNewFolder(path, files);
  process.stderr.write(`Wrote ${Object.keys(files).length} files into ${path}\n`);
  if (plan.installs) {
    process.stderr.write(`Installing with ${manager}\n`);
    await install(path, manager);
  }
  process.stdout.write(`\n${nextSteps(plan)}\n`);
}

function connectorKind(text: string): ConnectorKind {
  const kind = connectorKinds.find((known) => known === text);
  if (kind === undefined)
    throw new InvalidArgumentError("It is source or destination. The folder stands before the options.");
  return kind;
}

function errorText(error: unknown, isDebug: boolean): string {
  const lines =
    error instanceof CreateError
      ? [`${heading(`Error ${error.code}:`)} ${error.message}`, error.hint]
      : [
          `${heading("Error:")} ${error instanceof Error ? error.message : String(error)}`,
          "Run again with --debug to see where it comes from.",
        ];
  return [...lines, ...(isDebug && error instanceof Error ? ["", error.stack ?? ""] : [])].join("\n");
}

function heading(text: string): string {
  // https://no-color.org
  const hasColours = process.stderr.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return hasColours ? styleText(["red", "bold"], text) : text;
}
