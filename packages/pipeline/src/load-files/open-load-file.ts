import { type FileHandle, open } from "node:fs/promises";
import { DestinationError, isDltError, type LoadFile } from "@dlt/core";

/**
 * Reads from a load file on this machine. What goes wrong in the system or with the content is an error of the file.
 * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`
 */
export async function* readingOf<Read>(
  file: LoadFile,
  read: (handle: FileHandle) => AsyncIterable<Read>,
): AsyncGenerator<Read> {
  if (!("path" in file.at)) throw unreadable(file, "it is at a URL, from which nothing is read");
  try {
    await using handle = await open(file.at.path);
    yield* read(handle);
  } catch (error) {
    if (isDltError(error) && error.family !== "schema") throw error;
    throw unreadable(file, error instanceof Error ? error.message : String(error), error);
  }
}

/** The error for a load file that is not there, or not what it should be. */
export function unreadable(file: LoadFile, reason: string, cause?: unknown): DestinationError {
  return new DestinationError(
    "DESTINATION_LOAD_FILE_UNREADABLE",
    `Load file \`${file.jobId}\` of table \`${file.table.name}\` cannot be read: ${reason}${reason.endsWith(".") ? "" : "."}`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
      context: placeOf(file),
      ...(cause !== undefined && { cause }),
    },
  );
}

/** Refuses columns of a file that was not written here that its table lacks: they would be lost. */
export function refuseUnknown(file: LoadFile, names: Iterable<string>): void {
  for (const name of names) {
    if (file.table.columns.has(name)) continue;
    throw new DestinationError(
      "DESTINATION_FILE_COLUMNS_DIFFER",
      `\`${file.jobId}\` does not fit table \`${file.table.name}\`: it has the column \`${name}\`, which the table lacks. Rows before that one may be handed over.`,
      {
        hint: "Declare the column as `hints` of `withFileImport`, or leave it out of the file; then drop the package and run again.",
        context: { ...placeOf(file), column: name },
      },
    );
  }
}

export function placeOf({ jobId, loadId, table }: LoadFile): Readonly<Record<string, string>> {
  return { job: jobId, table: table.name, load: loadId };
}
