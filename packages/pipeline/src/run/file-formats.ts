import { type Destination, DestinationError, type FileFormat } from "@dlt/core";
import { builtInFormats } from "../normalize/built-in-formats.js";

/** Chooses the format of load files by root table. */
export interface FormatChoice {
  /** Takes note of what a table asks for: a format, `preferred`, or nothing. */
  note(table: string, fileFormat: unknown): void;
  formatFor(table: string): FileFormat;
}

/**
 * A table gets the format that it asks for if the destination takes it, otherwise the one that the destination loads
 * fastest and that can be written.
 * @throws DestinationError `DESTINATION_FORMAT_UNSUPPORTED` when no format of the destination can be written
 */
export function formatChoice(destination: Pick<Destination, "name" | "capabilities" | "fileFormats">): FormatChoice {
  const { preferredFileFormat, fileFormats } = destination.capabilities;
  const writers = new Map([
    ...builtInFormats,
    ...(destination.fileFormats ?? []).map((format) => [format.name, format] as const),
  ]);
  const usable = [...(preferredFileFormat === null ? [] : [preferredFileFormat]), ...fileFormats].flatMap(
    (name) => writers.get(name) ?? [],
  );
  const [preferred] = usable;
  if (preferred === undefined) {
    throw new DestinationError(
      "DESTINATION_FORMAT_UNSUPPORTED",
      `Destination \`${destination.name}\` loads ${fileFormats.length === 0 ? "no files directly" : fileFormats.join(", ")}, none of which can be written.`,
      {
        hint: "Use a destination that loads Parquet, JSON lines or CSV, or one whose package brings its own format.",
        context: { destination: destination.name },
      },
    );
  }
  const wanted = new Map<string, FileFormat>();
  return {
    note(table, fileFormat) {
      const format = usable.find((candidate) => candidate.name === fileFormat);
      if (format === undefined) wanted.delete(table);
      else wanted.set(table, format);
    },
    formatFor: (table) => wanted.get(table) ?? preferred,
  };
}
