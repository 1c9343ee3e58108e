import { DltError, type ErrorEntry } from "@dlt/core";

/** Codes of the command line itself, beside those of the library. */
export const cliErrors = {
  "CLI:ANSWER_NEEDED": {
    title: "A question could not be asked",
    explanation:
      "The command needs an answer, and there is nobody to ask: input or output is no terminal, `CI` is set, or `--non-interactive` was given. The message names the option that answers it.",
  },
  "CLI:DECLINED": {
    title: "The answer was no",
    explanation: "Nothing was changed.",
  },
  "CLI:ARGUMENT_INVALID": {
    title: "An argument cannot be used",
    explanation:
      "The message says what was expected. Nothing was changed. `--help` behind the command lists its arguments and options.",
  },
  "CLI:CODE_UNKNOWN": {
    title: "There is no such code",
    explanation:
      "Codes are words in capitals, such as `CONFIG_FIELD_MISSING`. Those of connectors begin with a prefix of their own and are explained in their documentation.",
  },
  "CLI:PROGRAM_NOT_FOUND": {
    title: "There is no program to run at this path",
    explanation: "The path is that of a TypeScript or JavaScript file, from the current folder.",
  },
  "CLI:PROGRAM_FAILED": {
    title: "The program failed",
    explanation:
      "It threw an error that is not of this library; `--debug` shows where. What pipelines had committed before is kept.",
  },
  "CLI:PROGRAM_WITHOUT_RUN": {
    title: "The program came to its end without a run",
    explanation:
      "`dlt pipeline <file> run` and `dlt plan <file>` start a program and follow what its pipelines run. Call `run` of a pipeline in the file itself, and wait for it.",
  },
  "CLI:PIPELINE_NOT_INSTALLED": {
    title: "The program does not find `@dlt/pipeline`, or one that is too old",
    explanation:
      "A program imports the library from its own project, where it has to be installed, in the version of this command. The program was not started.",
  },
  "CLI:INPUT_UNREADABLE": {
    title: "The rows that were given cannot be read",
    explanation:
      "There is no such file, it is cut off, or its text is not of the format that was given or recognised. The message names the line, where there is one. Nothing of it was loaded.",
  },
  "CLI:FILE_EXISTS": {
    title: "A file is there already",
    explanation: "Files that people may have changed are not written over.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type CliErrorCode = keyof typeof cliErrors;

/** The command line cannot do what was asked. */
export class CliError extends DltError {
  override readonly name = "CliError";

  constructor(code: CliErrorCode, message: string, details?: { readonly hint?: string; readonly cause?: unknown }) {
    // What a source says of its rows keeps its code where the engine adds the place.
    super(code === "CLI:INPUT_UNREADABLE" ? "source" : "config", code, message, details);
  }
}
