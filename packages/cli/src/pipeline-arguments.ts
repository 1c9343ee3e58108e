/** Options of `dlt pipeline` and what is done with one that are followed by a value. */
const withValue = new Set(["--pipelines-dir", "--profile"]);

/**
 * `pipeline <name> <operation> …` with the operation first, as a command and its argument: `pipeline info github`. Without an operation it
 * is `info`; without a name, and for `list`, nothing changes.
 */
export function pipelineArguments(args: readonly string[]): readonly string[] {
  const [command, ...rest] = args;
  if (command !== "pipeline") return args;
  const options: string[] = [];
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? "";
    if (word === "--") break;
    if (word.startsWith("-")) {
      options.push(word);
      if (withValue.has(word) && index + 1 < rest.length) options.push(rest[++index] ?? "");
      continue;
    }
    const { operation, others } = operationOf(rest.slice(index + 1));
    if (operation === undefined && word === "list") return ["pipeline", "--list", ...options, ...others];
    return ["pipeline", operation ?? "info", word, ...options, ...others];
  }
  return args;
}

/** The first word behind the name that is neither an option nor the value of one. */
function operationOf(words: readonly string[]): {
  readonly operation: string | undefined;
  readonly others: readonly string[];
} {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (withValue.has(word)) index++;
    else if (!word.startsWith("-"))
      return { operation: word, others: [...words.slice(0, index), ...words.slice(index + 1)] };
  }
  return { operation: undefined, others: words };
}
