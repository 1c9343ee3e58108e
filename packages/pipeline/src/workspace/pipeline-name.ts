import { PackageError } from "@dlt/core";

/**
 * Checks the name of a pipeline, which is the name of a folder too: valid on every system, and none of `. % { }`.
 * @throws PackageError `PIPELINE_NAME_INVALID`
 */
export function assertPipelineName(name: string): void {
  const problem = nameProblem(name);
  if (problem === null) return;
  throw new PackageError(
    "PIPELINE_NAME_INVALID",
    `${JSON.stringify(name)} cannot be the name of a pipeline: ${problem}.`,
    {
      hint: 'Choose a name of letters, digits, `_` and `-`, e.g. pipelineName: "github_issues".',
      context: { pipelineName: name },
    },
  );
}

/** Why a text cannot be the name of a folder or, with an ending, of a file on every system; `null` when it can. */
export function nameProblem(name: string): string | null {
  if (name === "") return "it is empty";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const forbidden = /[.%{}/\\<>:"|?*\u0000-\u001f\u007f]/u.exec(name)?.[0];
  if (forbidden !== undefined) return `it contains ${JSON.stringify(forbidden)}`;
  if (name.trim() !== name) return "it starts or ends with a space";
  // https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
  if (/^(con|prn|aux|nul|(com|lpt)[0-9¹²³])$/i.test(name)) return "Windows reserves it";
  if (new TextEncoder().encode(name).length > maxNameBytes) return `it is longer than ${maxNameBytes} bytes`;
  return null;
}

/** The usual file systems allow 255 for one name; some are left for endings. */
const maxNameBytes = 240;
