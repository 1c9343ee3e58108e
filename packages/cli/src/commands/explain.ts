import type { ErrorEntry } from "@dlt/core";
import { errorCatalogue } from "@dlt/core/error-catalogue";
import { createErrors } from "@dlt/create";
import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { CliError, cliErrors } from "../errors.js";
import { nearest } from "../nearest.js";
import { table } from "../text.js";

interface ExplainOptions extends FactOptions {
  readonly list?: boolean;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("[code]", "code of an error, e.g. CONFIG_FIELD_MISSING")
    .option("-l, --list", "list all codes")
    .action((code: string | undefined, options: ExplainOptions) => {
      show(cli, options.list === true || code === undefined ? listed() : explained(code), options);
    });
}

const catalogue: Readonly<Record<string, ErrorEntry>> = {
  ...errorCatalogue,
  ...cliErrors,
  ...createErrors,
};

function listed(): Report {
  const facts = Object.entries(catalogue).map(([code, { title }]) => ({ code, title }));
  return { facts, text: table(facts.map(({ code, title }) => [code, title])).join("\n") };
}

function explained(text: string): Report {
  const code = text.toUpperCase();
  const entry = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
  if (entry === undefined) throw unknownCode(code);
  return { facts: { code, ...entry }, text: `${code}: ${entry.title}\n\n${entry.explanation}` };
}

function unknownCode(code: string): CliError {
  const near = nearest(code, Object.keys(catalogue));
  return new CliError("CLI:CODE_UNKNOWN", `There is no error with the code \`${code}\`.`, {
    hint:
      near.length === 0
        ? "List all codes: dlt explain --list"
        : `Did you mean ${near.join(", ")}? All codes: dlt explain --list`,
  });
}
