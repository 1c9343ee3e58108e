import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { DestinationError, isDltError, type LoadFile } from "@dlt/core";

/** As much as is sent in one message. */
const chunkBytes = 256 * 1024;

/**
 * The bytes of a load file, uncompressed.
 * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`
 */
export async function* readLoadFile(file: LoadFile): AsyncGenerator<Uint8Array, void, undefined> {
  const path = "path" in file.at ? file.at.path : file.at.url;
  const source = createReadStream(path, { highWaterMark: chunkBytes });
  const bytes = path.endsWith(".gz") ? source.pipe(createGunzip({ chunkSize: chunkBytes })) : source;
  source.on("error", (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } catch (cause) {
    throw unreadable(file, "it is missing or damaged", cause);
  } finally {
    source.destroy();
  }
}

/** What `read` makes of the beginning of a file, of which it is given more until it gives something. */
export async function readBeginning<Result>(
  file: LoadFile,
  read: (beginning: Uint8Array, isWhole: boolean) => Result | null,
): Promise<Result> {
  let beginning: Uint8Array = new Uint8Array(0);
  for await (const chunk of readLoadFile(file)) {
    beginning = Buffer.concat([beginning, chunk]);
    const result = attemptRead(file, () => read(beginning, false));
    if (result !== null) return result;
  }
  const result = attemptRead(file, () => read(beginning, true));
  if (result === null) throw unreadable(file, "it was cut off");
  return result;
}

export function unreadable(file: LoadFile, reason: string, cause?: unknown): DestinationError {
  return new DestinationError(
    "DESTINATION_LOAD_FILE_UNREADABLE",
    `The load file \`${file.jobId}\` of table \`${file.table.name}\` cannot be read: ${reason}. Nothing of it was loaded.`,
    {
      hint: "Do not change files of a load package; drop the package and extract again if its files are gone or damaged.",
      context: { job: file.jobId, table: file.table.name, load: file.loadId },
      ...(cause !== undefined && { cause }),
    },
  );
}

function attemptRead<Result>(file: LoadFile, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw isDltError(error) ? unreadable(file, "its beginning is not that of its format", error) : error;
  }
}
