import type { Cli } from "./cli.js";
import { CliError } from "./errors.js";

/**
 * Asks whether to go on, unless an option answered it already.
 * @throws CliError `CLI:DECLINED`; `CLI:ANSWER_NEEDED` where nobody can be asked
 */
export async function confirmed(
  cli: Cli,
  options: { readonly question: string; readonly isAnswered: boolean; readonly flag?: string },
): Promise<void> {
  const { question, isAnswered, flag = "--yes" } = options;
  if (isAnswered) return;
  const { confirm } = await prompting(cli, { question, flag });
  const answer = await confirm({ message: question, initialValue: false, ...streams(cli) });
  if (answer !== true) throw new CliError("CLI:DECLINED", "The answer was no. Nothing was changed.");
}

/**
 * Asks for a text, unless an option gave it already.
 * @throws CliError `CLI:DECLINED` when the question is left with Ctrl-C; `CLI:ANSWER_NEEDED` where nobody can be asked
 */
export async function asked(
  cli: Cli,
  options: { readonly question: string; readonly given: string | undefined; readonly flag: string },
): Promise<string> {
  const { question, given, flag } = options;
  if (given !== undefined) return given;
  const { text } = await prompting(cli, { question, flag });
  const answer = await text({
    message: question,
    validate: (value) => (value === undefined || value.trim() === "" ? "Please write something." : undefined),
    ...streams(cli),
  });
  if (typeof answer !== "string") throw new CliError("CLI:DECLINED", "The question was left. Nothing was changed.");
  return answer.trim();
}

async function prompting(cli: Cli, { question, flag }: { readonly question: string; readonly flag: string }) {
  if (cli.terminal.isInteractive) return await import("@clack/prompts");
  throw new CliError("CLI:ANSWER_NEEDED", `${question} Nobody can be asked here. Nothing was changed.`, {
    hint: `Answer with ${flag}.`,
  });
}

/** Questions are no results: they go to the standard error. */
function streams({ terminal }: Cli) {
  return { input: terminal.stdin, output: terminal.stderr };
}
