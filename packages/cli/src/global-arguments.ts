/** Arguments that hold for every command, wherever they stand before `--`. */
export interface GlobalArguments {
  readonly isDebug: boolean;
  readonly isNonInteractive: boolean;
  /** The others. */
  readonly args: readonly string[];
}

export function globalArguments(argv: readonly string[]): GlobalArguments {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const own = argv.slice(0, end);
  return {
    isDebug: own.includes("--debug"),
    isNonInteractive: own.includes("--non-interactive"),
    args: [...own.filter((word) => word !== "--debug" && word !== "--non-interactive"), ...argv.slice(end)],
  };
}
