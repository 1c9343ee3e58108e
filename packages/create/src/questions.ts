import { CreateError } from "./errors.js";

/** Questions are no results: they go to the standard error. */
const streams = { input: process.stdin, output: process.stderr };

/** Somebody can be asked: input and output are terminals, and this is no CI. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env["CI"];
}

/** @throws CreateError `CREATE:DECLINED` where it is left with Ctrl-C, as the others */
export async function askText(options: {
  readonly question: string;
  readonly suggestion: string;
  /** What is wrong with an answer; `undefined`: nothing. */
  problem(answer: string): string | undefined;
}): Promise<string> {
  const { question, suggestion, problem } = options;
  const { text } = await import("@clack/prompts");
  return answered(
    await text({
      message: question,
      placeholder: suggestion,
      defaultValue: suggestion,
      validate: (answer) => problem(answer === undefined || answer === "" ? suggestion : answer),
      ...streams,
    }),
  );
}

export async function askYes(question: string): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return answered(await confirm({ message: question, ...streams }));
}

export async function askChoice<Choice extends string>(
  question: string,
  choices: Readonly<Record<Choice, string>>,
): Promise<Choice> {
  const { select } = await import("@clack/prompts");
  const options = (Object.entries(choices) as [Choice, string][]).map(([value, hint]) => ({
    value: value as string,
    label: value,
    hint,
  }));
  return answered(await select({ message: question, options, ...streams })) as Choice;
}

/** An answer, which is a symbol where there is none. */
function answered<Answer>(answer: Answer): Exclude<Answer, symbol> {
  if (typeof answer === "symbol")
    throw new CreateError("CREATE:DECLINED", "The questions were left. Nothing was written.", {
      hint: "Start it again, or answer with options: --help lists them.",
    });
  return answer as Exclude<Answer, symbol>;
}
