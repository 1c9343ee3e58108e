import { onTestFinished, vi } from "vitest";

/** Codes of the warnings that a test causes, from here on. */
export function warnings(): string[] {
  const codes: string[] = [];
  const spy = vi.spyOn(process, "emitWarning").mockImplementation((_message, options) => {
    if (typeof options === "object" && options !== null && "code" in options) codes.push(String(options.code));
  });
  onTestFinished(() => spy.mockRestore());
  return codes;
}
