import { isDltError } from "@dlt/core";
import type { EventError } from "./progress-event.js";

/** What events, logs and traces say of an error. A message from elsewhere may show what none of them may hold. */
export function eventError(error: unknown): EventError {
  if (!isDltError(error)) return { code: null, message: "An error that is not of this library.", hint: null };
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}
