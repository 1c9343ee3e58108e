import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configText, gitignoreText, programText, secretsText } from "@dlt/create";
import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { secretKeys } from "../deploy/secret-keys.js";
import { CliError } from "../errors.js";
import { settingsSample } from "../init/settings-sample.js";
import { section } from "../text.js";

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("<name>", "name of the pipeline: lower case letters, digits and _")
    .argument("<destination>", "where it loads to, e.g. duckdb; its package has to be installed")
    .addHelpText("after", help)
    .action(async (name: string, destination: string, options: FactOptions) =>
      show(cli, await initialized(cli, { name, destination }), options),
    );
}

const help = `
Writes <name>_pipeline.ts, .gitignore, .dlt/config.toml and .dlt/secrets.toml, the last with what the destination needs. What is there
already stays as it is.`;

interface Files {
  readonly created: string[];
  readonly kept: string[];
}

async function initialized(
  cli: Cli,
  { name, destination: type }: { readonly name: string; readonly destination: string },
): Promise<Report> {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name))
    throw new CliError("CLI:ARGUMENT_INVALID", `\`${name}\` cannot be the name of a new pipeline.`, {
      hint: "Write lower case letters, digits and `_`, a letter first, e.g. github_issues.",
    });
  const { findDestination } = await import("@dlt/pipeline");
  const destination = await findDestination(type);
  const { cwd: folder } = cli.terminal;
  const script = `${name}_pipeline.${isModule(folder) ? "ts" : "mts"}`;
  if (existsSync(join(folder, script)))
    throw new CliError("CLI:FILE_EXISTS", `\`${script}\` is there already. Nothing was written.`, {
      hint: "Choose another name, or remove the file.",
    });
  const files: Files = { created: [], kept: [] };
  const write = (path: string, content: string): void => writeIfAbsent(files, folder, path, content);
  const known = secretKeys(folder).map(({ key }) => key);
  write(script, programText({ name, destination: type }));
  write(".gitignore", gitignoreText);
  write(".dlt/config.toml", configText);
  write(".dlt/secrets.toml", secretsText);
  const sample = settingsSample(destination);
  const needsSettings = sample !== null && !known.some((key) => key.startsWith(`destination.${destination.name}.`));
  if (needsSettings) append(join(folder, ".dlt/secrets.toml"), sample);
  const facts = { created: files.created, kept: files.kept, script, needs_settings: needsSettings };
  return { facts, text: initText(facts, { destination: destination.name, isIgnored: ignoresSecrets(folder) }) };
}

function writeIfAbsent({ created, kept }: Files, folder: string, path: string, content: string): void {
  const file = join(folder, path);
  if (existsSync(file)) return void kept.push(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  created.push(path);
}

function append(file: string, content: string): void {
  const before = readFileSync(file, "utf8").trimEnd();
  writeFileSync(file, `${before}\n\n${content}`);
}

/** Programs with `await` at their top are modules, as `package.json` or their name says. */
function isModule(folder: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly type?: unknown };
    return manifest.type === "module";
  } catch {
    return false;
  }
}

function ignoresSecrets(folder: string): boolean {
  return readFileSync(join(folder, ".gitignore"), "utf8").includes("secrets.toml");
}

interface InitFacts {
  readonly created: readonly string[];
  readonly kept: readonly string[];
  readonly script: string;
  readonly needs_settings: boolean;
}

function initText(
  facts: InitFacts,
  { destination, isIgnored }: { readonly destination: string; readonly isIgnored: boolean },
): string {
  const { created, kept, script, needs_settings: needsSettings } = facts;
  const steps = [
    ...(needsSettings
      ? [`Fill in the settings of ${destination} in .dlt/secrets.toml. Check them: dlt doctor ${destination}`]
      : []),
    ...(isIgnored ? [] : ["Add the line .dlt/secrets.toml to .gitignore"]),
    `See what it would load: dlt plan ${script}`,
    `Load it: dlt pipeline ${script} run`,
    `Then change how your data is read in ${script}`,
  ];
  return [
    `Wrote ${created.join(", ")}`,
    ...(kept.length === 0 ? [] : [`Left as it was: ${kept.join(", ")}`]),
    ...section("Next:", steps),
  ].join("\n");
}
