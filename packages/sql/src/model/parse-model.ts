import { DestinationError, type LoadFile } from "@dlt/core";
import type { SqlDialect } from "../dialect.js";

/**
 * The query of a load file of the format `model`.
 * @throws DestinationError `DESTINATION_LOAD_FILE_UNREADABLE`, `MODEL_DIALECT_UNSUPPORTED`
 */
export function parseModel({ name, capabilities }: SqlDialect, file: LoadFile, text: string): string {
  const [, dialect, query] = /^dialect: ([a-z][a-z0-9_]*)?\r?\n([^]+)$/.exec(text) ?? [];
  const context = { job: file.jobId, table: file.table.name, load: file.loadId };
  if (query === undefined) {
    throw new DestinationError(
      "DESTINATION_LOAD_FILE_UNREADABLE",
      `The load file \`${file.jobId}\` of table \`${file.table.name}\` holds no query behind a line with its dialect. Nothing of it was loaded.`,
      {
        hint: "Do not change files of a load package; drop the package and extract again if they are damaged.",
        context,
      },
    );
  }
  const { sqlDialect = null } = capabilities;
  if (dialect !== undefined && dialect !== sqlDialect) {
    throw new DestinationError(
      "MODEL_DIALECT_UNSUPPORTED",
      `The query in \`${file.jobId}\` is in the dialect \`${dialect}\`, and ${name} speaks \`${sqlDialect}\`. Nothing of it was loaded.`,
      {
        hint: "Drop the package, write the query in the dialect of the destination and run again.",
        context: { ...context, dialect },
      },
    );
  }
  return query;
}
