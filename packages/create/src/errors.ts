/** Codes of this command. They are plain data, so that `dlt explain` can tell of them, too. */
export const createErrors = {
  "CREATE:FOLDER_NOT_EMPTY": {
    title: "There is something in the folder already",
    explanation:
      "A new project or connector is written into a folder that is empty or not there yet. What people wrote is not written over. `.git` may be there.",
  },
  "CREATE:FOLDER_UNUSABLE": {
    title: "The folder cannot be written to",
    explanation: "The message says what the system has against it: permissions, a file in its way, a full disk.",
  },
  "CREATE:NAME_INVALID": {
    title: "This cannot be the name of the package",
    explanation:
      "Names of npm packages are lower case, at most 214 characters, of letters, digits, `-`, `.` and `_`, with a scope or without. Connectors outside of a scope begin with `dlt-source-` or `dlt-destination-`, and what is behind it is the name that they have in programs.",
  },
  "CREATE:ANSWER_NEEDED": {
    title: "A question could not be asked",
    explanation:
      "There is no default, and nobody to ask: input or output is no terminal, or `CI` is set. The hint names the option that answers it.",
  },
  "CREATE:DECLINED": {
    title: "The questions were left",
    explanation: "Nothing was written.",
  },
  "CREATE:INSTALL_FAILED": {
    title: "Packages could not be installed",
    explanation:
      "All files are written; only the command of the package manager failed. What it printed says why. It can be run again.",
  },
} as const;

type CreateErrorCode = keyof typeof createErrors;

/**
 * Nothing can be made of what was asked for. It has the fields of the library's errors, but is none of them: what is downloaded to run once
 * does without the library.
 */
export class CreateError extends Error {
  override readonly name = "CreateError";
  readonly code: CreateErrorCode;
  /** What to do next. */
  readonly hint: string;

  constructor(code: CreateErrorCode, message: string, details: { readonly hint: string; readonly cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}
