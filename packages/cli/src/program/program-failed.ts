import { basename, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError } from "../errors.js";

/** An error that a program threw which is not of the library: what it says, and the line of the program. */
export function programFailed(error: unknown, path: string): CliError {
  const place = placeOf(error, path);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CliError(
    "CLI:PROGRAM_FAILED",
    `\`${basename(path)}\` failed${place === null ? "" : ` at ${place}`}: ${what}`,
    {
      hint: "Run again with --debug to see the stack of the error.",
      cause: error,
    },
  );
}

/** `github.ts:12:5`: where in the program, or in a file below its folder, the stack of an error was. */
function placeOf(error: unknown, path: string): string | null {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  for (const [, location = ""] of stack.matchAll(/^\s+at .*?\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()\n]+:\d+:\d+)\)?$/gm)) {
    if (location.includes("node_modules")) continue;
    const [file = "", ...position] = splitLocation(location);
    if (file === path) return [basename(path), ...position].join(":");
    const below = relative(process.cwd(), file);
    if (!below.startsWith("..")) return [below, ...position].join(":");
  }
  return null;
}

function splitLocation(location: string): readonly string[] {
  const [, file = "", line = "", column = ""] = /^(.*):(\d+):(\d+)$/.exec(location) ?? [];
  const url = file.split("?")[0] ?? "";
  return [url.startsWith("file:") ? fileURLToPath(url) : url, line, column];
}
