import { type Destination, DestinationError, type FileFormat } from "@dlt/core";
import type { BuiltInFormats } from "../normalize/built-in-formats.js";

/** Chooses the format of load files by root table. */
export interface FormatChoice {
  /** Takes note of what a table asks for: a format, `preferred`, or nothing. */
  note(table: string, fileFormat: unknown): void;
  formatFor(table: string): FileFormat;
}

/**
 * A table gets the format that it asks for if the destination takes it, otherwise the one that the destination loads
 * fastest and that can be written; a format that is not taken gives a warning.
 * @throws DestinationError `DESTINATION_FORMAT_UNSUPPORTED` when no format of the destination can be written
 */
export function formatChoice(
  destination: Pick<Destination, "name" | "capabilities" | "fileFormats">,
  builtIn: BuiltInFormats,
): FormatChoice {
  const { preferredFileFormat, fileFormats } = destination.capabilities;
  const writers = new Map([
    ...builtIn.byName,
    ...(destination.fileFormats ?? []).map((format) => [format.name, format] as const),
  ]);
  const names = new Set([...(preferredFileFormat === null ? [] : [preferredFileFormat]), ...fileFormats]);
  const usable = [...names].flatMap((name) => writers.get(name) ?? []);
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
  const refused = new Set<string>();
  return {
    note(table, fileFormat) {
      const format = usable.find((candidate) => candidate.name === fileFormat);
      if (format !== undefined) {
        wanted.set(table, format);
        return;
      }
      wanted.delete(table);
      if (typeof fileFormat !== "string" || fileFormat === "preferred" || refused.has(fileFormat)) return;
      refused.add(fileFormat);
      process.emitWarning(
        `Destination \`${destination.name}\` loads no files of the format \`${fileFormat}\`, which table \`${table}\` asks for. It gets \`${preferred.name}\`.`,
        {
          type: "DltWarning",
          code: "FILE_FORMAT_UNSUPPORTED",
          detail: `It loads ${usable.map(({ name }) => `\`${name}\``).join(", ")}: give one of them as \`loaderFileFormat\` or \`fileFormat\`.`,
        },
      );
    },
    formatFor: (table) => wanted.get(table) ?? preferred,
  };
}
