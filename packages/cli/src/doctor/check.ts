import { isDltError } from "@dlt/core";

/** Something that was looked at, and what to do where it is not as it should be. */
export interface Check {
  readonly check: string;
  readonly result: "ok" | "failed" | "skipped";
  /** What was found; why it failed, or was left out. */
  readonly detail: string;
  /** `null`: nothing has to be done. */
  readonly fix: string | null;
  /** Code of the error that it failed with, for `dlt explain`. */
  readonly code?: string;
}

export function passed(check: string, detail: string): Check {
  return { check, result: "ok", detail, fix: null };
}

export function skipped(check: string, detail: string): Check {
  return { check, result: "skipped", detail, fix: null };
}

export function failed(check: string, error: unknown): Check {
  if (!isDltError(error)) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      check,
      result: "failed",
      detail,
      fix: "Run again with --debug behind a command that fails in the same way.",
    };
  }
  const { code, message, hint } = error;
  return { check, result: "failed", detail: message, fix: hint ?? `Read what it means: dlt explain ${code}`, code };
}

/** Each check on its lines: `ok`, `FAILED` with its fix, or `skipped`. */
export function checksText(checks: readonly Check[]): string {
  const words = { ok: "ok     ", failed: "FAILED ", skipped: "skipped" } as const;
  const indented = (text: string): string => text.replaceAll("\n", `\n${" ".repeat(9)}`);
  const lines = checks.flatMap(({ check, result, detail, fix, code }) => [
    `${words[result]}  ${indented(`${check}: ${detail}`)}`,
    ...(fix === null ? [] : [`         ${indented(`Fix: ${fix}`)}`]),
    ...(code === undefined ? [] : [`         More about it: dlt explain ${code}`]),
  ]);
  const failures = checks.filter(({ result }) => result === "failed").length;
  return [
    ...lines,
    "",
    failures === 0 ? "Everything that was checked is in order." : `${failures} of ${checks.length} checks failed.`,
  ].join("\n");
}
