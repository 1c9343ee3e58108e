import { DestinationError } from "@dlt/core";

/** The error for a file of this machine that was to be put somewhere and cannot be read. */
export function unreadableSource(path: string, error: unknown): DestinationError {
  const { code } = error as NodeJS.ErrnoException;
  return new DestinationError(
    "DESTINATION_LOAD_FILE_UNREADABLE",
    `Could not read \`${path}\`: ${code ?? String(error)}.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
      context: { path },
      retryable: code === "EMFILE" || code === "ENFILE",
    },
  );
}
