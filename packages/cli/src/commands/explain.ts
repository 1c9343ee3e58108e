import type { ErrorEntry } from "@dlt/core";
import { errorCatalogue } from "@dlt/core/error-catalogue";
import { createErrors } from "@dlt/create";
import type { Command } from "commander";
import { type Cli, type FactOptions, printsFacts, type Report, show } from "../cli.js";
import { connectorErrors } from "../connector-errors.js";
import { CliError, cliErrors } from "../errors.js";
import { nearest } from "../nearest.js";
import { table } from "../text.js";

interface ExplainOptions extends FactOptions {
  readonly list?: boolean;
}

export function define(command: Command, cli: Cli): void {
  printsFacts(command)
    .argument("[code]", "code of an error, e.g. CONFIG_FIELD_MISSING, or ACME:QUOTA_EXCEEDED of a connector")
    .option("-l, --list", "list all codes, also those of the connectors that this project depends on")
    .action(async (code: string | undefined, options: ExplainOptions) => {
      const isListed = options.list === true || code === undefined;
      const own: Catalogue = { ...errorCatalogue, ...cliErrors, ...createErrors };
      // Connectors are imported only where they are asked for.
      const asks = isListed || (code.includes(":") && !Object.hasOwn(own, code.toUpperCase()));
      const { entries, unasked } = asks ? await connectorErrors(cli.terminal.cwd) : { entries: {}, unasked: [] };
      const catalogue = { ...own, ...entries };
      show(cli, isListed ? listed(catalogue) : explained(code, catalogue, unasked), options);
    });
}

type Catalogue = Readonly<Record<string, ErrorEntry>>;

function listed(catalogue: Catalogue): Report {
  const facts = Object.entries(catalogue).map(([code, { title }]) => ({ code, title }));
  return { facts, text: table(facts.map(({ code, title }) => [code, title])).join("\n") };
}

function explained(text: string, catalogue: Catalogue, unasked: readonly string[]): Report {
  const code = text.toUpperCase();
  const entry = Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
  if (entry === undefined) throw unknownCode(code, catalogue, unasked);
  return { facts: { code, ...entry }, text: `${code}: ${entry.title}\n\n${entry.explanation}` };
}

function unknownCode(code: string, catalogue: Catalogue, unasked: readonly string[]): CliError {
  const near = nearest(code, Object.keys(catalogue));
  const silent =
    unasked.length === 0 ? "" : ` ${unasked.join(", ")} could not be asked: install what is missing there.`;
  return new CliError("CLI:CODE_UNKNOWN", `There is no error with the code \`${code}\`.${silent}`, {
    hint:
      near.length === 0
        ? "List all codes: dlt explain --list"
        : `Did you mean ${near.join(", ")}? All codes: dlt explain --list`,
  });
}
