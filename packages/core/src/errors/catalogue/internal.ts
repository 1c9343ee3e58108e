import type { ErrorEntry } from "../error-entry.js";

export const internalErrors = {
  INTERNAL_STATE_UNEXPECTED: {
    title: "The library is in a state that it should never be in",
    explanation: "This is a mistake in the library, not in your code. Please report it with the message and the stack.",
  },
} as const satisfies Record<string, ErrorEntry>;
