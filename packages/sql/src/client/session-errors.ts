import { DestinationError } from "@dlt/core";
import type { SqlDialect } from "../dialect.js";

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

/** The error for a statement that a database would read up to the character U+0000, and not further. */
export function cutOffError({ name }: Pick<SqlDialect, "name">): DestinationError {
  return new DestinationError(
    "DESTINATION_STATEMENT_INVALID",
    `A statement, or a name in it, has the character U+0000, which ${name} takes for its end. It was not run.`,
    { hint: "Take the character out of the names of tables and columns; pass values as parameters." },
  );
}
