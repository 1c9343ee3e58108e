import type { Command } from "commander";
import type { Cli } from "./cli.js";

/** A command by its name; what it is made of is imported when it is called. */
export interface CommandEntry {
  readonly name: string;
  /** For the list of commands, one line. */
  readonly summary: string;
  load(): Promise<CommandModule>;
}

interface CommandModule {
  /** Declares arguments and options, and what is done with them. */
  define(command: Command, cli: Cli): void | Promise<void>;
}

/** Adds all commands to what they belong to, and declares the one that is called. */
export async function addCommands(
  parent: Command,
  entries: readonly CommandEntry[],
  call: { readonly cli: Cli; readonly called: string | undefined },
): Promise<void> {
  for (const { name, summary, load } of entries) {
    const command = parent
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
    if (name === call.called) await (await load()).define(command, call.cli);
  }
}
