import type { ErrorEntry } from "../catalogue.js";

export const sourceErrors = {
  SOURCE_ROW_INVALID: {
    title: "A row has a value that no column can hold",
    explanation:
      "Functions, symbols, promises, cycles and integers beyond 64 bits cannot be stored. The message names the row and the path within it. Nothing of that page was kept.",
  },
} as const satisfies Record<string, ErrorEntry>;
