import type { LogSink } from "./log-record.js";

// Warnings are those of the process, and so is what becomes of them: the log of the pipeline that was made last takes them.
let current: LogSink | null = null;
let isListening = false;

/**
 * Logs warnings of the library and of connectors from now on; `null`: no longer. Node prints them as well, unless it is told not to
 * (`--disable-warning=DltWarning`).
 */
export function logWarnings(log: LogSink | null): void {
  current = log;
  if (log === null || isListening) return;
  isListening = true;
  process.on("warning", (warning: Error & { readonly code?: string }) => {
    if (warning.name !== "DltWarning") return;
    current?.({ level: "WARNING", message: warning.message, fields: { event: "warning", code: warning.code ?? null } });
  });
}
