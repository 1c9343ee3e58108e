import type { LogSink } from "./log-record.js";

// Warnings are those of the process, and so is what becomes of them: the log of the pipeline that was made last takes them.
let current: LogSink | null = null;
let isListening = false;

/**
 * Logs warnings of the library and of connectors from now on; `null`: as before. Node prints them as well, unless it is told not to
 * (`--disable-warning=DltWarning`).
 */
export function logWarnings(log: LogSink | null): void {
  // A pipeline without a log takes none away from another one.
  if (log === null) return;
  current = log;
  if (isListening) return;
  isListening = true;
  process.on("warning", (warning: Error & { readonly code?: string }) => {
    if (warning.name !== "DltWarning") return;
    current?.({ level: "WARNING", message: warning.message, fields: { event: "warning", code: warning.code ?? null } });
  });
}
