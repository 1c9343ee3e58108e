import { type Destination, SourceError } from "@dlt/core";
import type { FileItem } from "@dlt/core/engine";
import { refuseFormat } from "../load/check-formats.js";
import type { ChunkEntry } from "../package/chunk.js";
import type { FoundFile } from "../package/imported-file.js";
import type { ChunkContent } from "./chunk-part.js";

/** A load file that nothing is done to on its way: a file of somebody else, or a query. */
export interface WholeFile {
  readonly content: ChunkContent;
  readonly loadFile: NonNullable<ChunkEntry["loadFile"]>;
  /** `null`: unknown. */
  readonly rowCount: number | null;
}

/**
 * Makes the load file of a file of somebody else.
 * @throws SourceError `SOURCE_FILE_UNREADABLE`; DestinationError `DESTINATION_FORMAT_UNSUPPORTED`
 */
export async function wholeFile(
  { file }: FileItem,
  options: {
    readonly resource: string;
    /** Where it will be loaded; undefined when that is not known. */
    readonly destination: Pick<Destination, "name" | "capabilities"> | undefined;
    findFile(path: string): Promise<FoundFile>;
  },
): Promise<WholeFile> {
  const { resource, destination, findFile } = options;
  const { format, path, rowCount } = file;
  if (destination !== undefined)
    refuseFormat(destination, { format, of: `the file \`${path}\``, context: { resource } });
  const found = await findFile(path);
  return { content: found, loadFile: { format, isCompressed: found.isCompressed }, rowCount };
}

export function columnsUnknown(table: string): SourceError {
  return new SourceError(
    "FILE_COLUMNS_UNKNOWN",
    `A file is to be loaded into table \`${table}\` as it is, and nothing tells the columns of that table.`,
    {
      hint: "Declare them: as `columns` of the resource, or as `hints` of `withFileImport`, which may be an Arrow schema.",
      context: { table },
    },
  );
}

export function notRejectable(table: string): SourceError {
  return new SourceError(
    "PAGE_WITHOUT_ROWS",
    `The contract discards table \`${table}\`, and rows of a file that is loaded as it is, or of a query, cannot be written to \`_dlt_rejects\`.`,
    { hint: "Let the contract allow the table, leave out the file, or set `rejects` to `none`.", context: { table } },
  );
}
