import type { Command } from "commander";
import { exitCodes } from "./exit-codes.js";
import type { Terminal } from "./terminal.js";

/** A call of `dlt`, as its commands see it. */
export interface Cli {
  readonly terminal: Terminal;
  /** Arguments behind `dlt`, without those that hold for every command. */
  readonly args: readonly string[];
  /** Stack traces and causes are shown. */
  readonly isDebug: boolean;
  /** Ends the call with this code once the command is through: one of `exitCodes`, or that of a program that was run. */
  exitWith(code: number): void;
}

/** What a command found out or did. */
export interface Report {
  /** For programs: plain JSON with names in snake_case. */
  readonly facts: unknown;
  /** The same for people. */
  readonly text: string;
  /** Default: done. */
  readonly exitCode?: number;
}

/** Options of every command that prints facts. */
export interface FactOptions {
  readonly json?: boolean;
}

/** Gives a command the option `--json`. */
export function printsFacts(command: Command): Command {
  return command.option("--json", "print the facts as JSON, for programs");
}

/** Prints a report on the standard output, as JSON where it was asked for. */
export function show(cli: Cli, report: Report, { json = false }: FactOptions = {}): void {
  const text = json ? JSON.stringify(report.facts, plainValues, 2) : report.text.replace(/\n+$/, "");
  cli.terminal.stdout.write(`${text}\n`);
  cli.exitWith(report.exitCode ?? exitCodes.done);
}

/** Says something to the person that is no result. */
export function tell(cli: Cli, line: string): void {
  cli.terminal.stderr.write(`${line}\n`);
}

/** JSON has no integers beyond 2^53: they become text. */
function plainValues(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
