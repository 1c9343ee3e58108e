import { Command, CommanderError } from "commander";
import type { Cli } from "./cli.js";
import { addCommands } from "./command-entry.js";
import { commandList } from "./command-list.js";
import { exitCodes } from "./exit-codes.js";
import { globalArguments } from "./global-arguments.js";
import { pipelineArguments } from "./pipeline-arguments.js";
import type { Terminal } from "./terminal.js";
import { cliVersion } from "./version.js";

/**
 * Runs `dlt` with these arguments, e.g. `["pipeline", "--list"]`. Results go to the standard output, everything else to the standard
 * error; nothing is thrown.
 * @returns the exit code: one of `exitCodes`, or that of a program that was run
 */
export async function runCli(argv: readonly string[], processTerminal: Terminal): Promise<number> {
  const { isDebug, isNonInteractive, args } = globalArguments(argv);
  const terminal = isNonInteractive ? { ...processTerminal, isInteractive: false } : processTerminal;
  let exitCode: number = exitCodes.done;
  const exitWith = (code: number): void => {
    exitCode = code;
  };
  const cli: Cli = { terminal, isDebug, args: pipelineArguments(args), exitWith };
  try {
    const program = await programOf(cli);
    await program.parseAsync(cli.args, { from: "user" });
    return exitCode;
  } catch (error) {
    // What it has to say was said already: help, version, or what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.failed;
    // Only here, because `--version` does without the library.
    const { errorText, exitCodeOf } = await import("./error-text.js");
    terminal.stderr.write(`${errorText(error, { isDebug, hasColours: terminal.hasColours })}\n`);
    return exitCodeOf(error);
  }
}

/** All commands, of which the one that is called is declared. */
export async function programOf(cli: Cli): Promise<Command> {
  const { stdout, stderr } = cli.terminal;
  const program = new Command("dlt")
    .description("Runs and plans pipelines, looks into them and mends them, and loads rows from a pipe.")
    .version(`dlt ${cliVersion()}`, "--version", "print the version")
    .option("--debug", "show where an error comes from, with its causes")
    .option("--non-interactive", "ask nothing: a question that no option answers is an error")
    .helpOption("-h, --help", "show help for a command")
    .helpCommand(false)
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .configureHelp({ subcommandTerm: (command) => command.name(), sortSubcommands: false, showGlobalOptions: false })
    .addHelpText("after", programHelp)
    .showHelpAfterError("Run the command with --help to see what it takes.")
    .exitOverride();
  await addCommands(program, commandList, { cli, called: cli.args.find((word) => !word.startsWith("-")) });
  return program;
}

const programHelp = `
Examples:
  $ cat events.jsonl | dlt load - --table events     rows from a pipe into DuckDB
  $ dlt plan github.ts                               what a program would load, without loading it
  $ dlt pipeline github.ts run                       run it
  $ dlt pipeline github info                         what a pipeline knows and what is pending
  $ dlt pipeline --list                              pipelines of this machine

Exit codes: 0 done, 1 failed, 75 stopped and can be continued.
This program sends nothing to anybody: there is no telemetry.`;
