import { DestinationError } from "@dlt/core";

/** The error for a client that is used after its end. */
export function closedError(location: string): DestinationError {
  return new DestinationError("DESTINATION_CLOSED", `The client of ${location} was used after it had been closed.`, {
    hint: "Use the client inside of its `await using` block.",
    context: { location },
  });
}

/** The error for work that its signal has stopped, and that left nothing. */
export function interruptedError({ reason }: AbortSignal): DestinationError {
  return new DestinationError("DESTINATION_INTERRUPTED", "The work at the destination was stopped by a signal.", {
    hint: "Run again; the transaction was rolled back. What was extracted is kept.",
    retryable: true,
    cause: reason,
  });
}
