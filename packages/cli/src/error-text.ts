import { inspect, styleText } from "node:util";
import { isDltError } from "@dlt/core";
import { type ExitCode, exitCodes } from "./exit-codes.js";

/** What a failed command says on the standard error. */
export function errorText(error: unknown, form: { readonly isDebug: boolean; readonly hasColours: boolean }): string {
  const { isDebug, hasColours } = form;
  // The answer was the person's own.
  if (isDltError(error) && error.code === "CLI:DECLINED") return error.message;
  const red = (text: string): string => (hasColours ? styleText(["red", "bold"], text) : text);
  const lines = isDltError(error)
    ? [`${red(`Error ${error.code}:`)} ${error.message}`, ...hintLines(error.hint), explainLine(error.code)]
    : [
        `${red("Error:")} ${messageOf(error)}`,
        "The library does not know this error. Run again with --debug to see where it comes from.",
      ];
  // Not of what holds an error of the library: its message and context have no secrets, those of drivers may.
  return [...lines, ...(isDebug ? ["", debugText(error)] : [])].join("\n");
}

export function exitCodeOf(error: unknown): ExitCode {
  return isDltError(error) && error.code === "PIPELINE_STOPPED" ? exitCodes.stopped : exitCodes.failed;
}

function hintLines(hint: string | undefined): readonly string[] {
  return hint === undefined ? [] : [hint];
}

function explainLine(code: string): string {
  return `More about it: dlt explain ${code}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Stacks of the error and its causes. */
function debugText(error: unknown): string {
  const stacks: string[] = [];
  for (let each: unknown = error; each !== undefined && each !== null && stacks.length < 10; ) {
    stacks.push(each instanceof Error ? (each.stack ?? String(each)) : inspect(each));
    each = each instanceof Error ? each.cause : undefined;
  }
  return stacks.join("\nCaused by: ");
}
