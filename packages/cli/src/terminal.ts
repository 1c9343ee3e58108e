import type { Readable, Writable } from "node:stream";

/** What the command has to do with: where it reads and writes, and whether a person is there. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** A person can be asked: input and output are terminals, and nobody said otherwise. */
  readonly isInteractive: boolean;
  /** Errors and headings may be shown in colour. */
  readonly hasColours: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  now(): Date;
}

/** The terminal, or what takes its place, of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    isInteractive: stdin.isTTY === true && stderr.isTTY === true && !env["CI"],
    // https://no-color.org
    hasColours: stderr.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb",
    env,
    cwd: process.cwd(),
    now: () => new Date(),
  };
}
