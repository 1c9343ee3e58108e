import { type Destination, DestinationError } from "@dlt/core";

/** What is to be loaded, for messages. */
export interface FormatUse {
  readonly format: string;
  /** e.g. ``the file `a.orc` `` */
  readonly of: string;
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Refuses a format of load files that the destination does not list among its capabilities.
 * @throws DestinationError `DESTINATION_FORMAT_UNSUPPORTED`
 */
export function refuseFormat(destination: Pick<Destination, "name" | "capabilities">, use: FormatUse): void {
  const { preferredFileFormat, fileFormats } = destination.capabilities;
  if (use.format !== preferredFileFormat && !fileFormats.includes(use.format))
    throw formatUnsupported(destination, use);
}

export function formatUnsupported(
  { name, capabilities: { fileFormats } }: Pick<Destination, "name" | "capabilities">,
  { format, of, context }: FormatUse,
): DestinationError {
  const taken = fileFormats.length === 0 ? "none directly" : fileFormats.map((each) => `\`${each}\``).join(", ");
  return new DestinationError(
    "DESTINATION_FORMAT_UNSUPPORTED",
    `Destination \`${name}\` cannot load ${of}, whose format is \`${format}\`; of load files it takes ${taken}.`,
    {
      hint:
        format === "model"
          ? "Run the query with `sqlClient()` and load its rows, or load to a destination that lists `model` among its formats."
          : "Give the file in a format that is taken, or load to another destination.",
      context: { destination: name, format, ...context },
    },
  );
}

/**
 * Refuses a format of tables that the destination does not list among its capabilities.
 * @throws DestinationError `DESTINATION_TABLE_FORMAT_UNSUPPORTED`
 */
export function refuseTableFormat(
  { name, capabilities: { tableFormats } }: Pick<Destination, "name" | "capabilities">,
  table: { readonly name: string; readonly tableFormat?: string | null | undefined },
): void {
  const { tableFormat } = table;
  if (tableFormats === undefined || tableFormat === undefined || tableFormat === null || tableFormat === "native")
    return;
  if (tableFormats.includes(tableFormat)) return;
  throw new DestinationError(
    "DESTINATION_TABLE_FORMAT_UNSUPPORTED",
    `Table \`${table.name}\` is to have the table format \`${tableFormat}\`, which destination \`${name}\` does not write.`,
    {
      hint: "Leave out `tableFormat`, or load to a destination that writes such tables.",
      context: { destination: name, table: table.name, tableFormat },
    },
  );
}
