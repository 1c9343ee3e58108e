import { createReadStream } from "node:fs";
import { DestinationError, type LoadFile } from "@dlt/core";
import { insertStatements, quoteIdentifier, quoteTable, type SqlDataset } from "@dlt/sql";
import type { Session } from "./session.js";

/** DuckDB parses a list of values into many times its size in memory. */
const statementLength = 1024 * 1024;

/** Runs the statements of a file of the format `insert_values`; gives the number of rows. */
export async function insertValuesOf(session: Session, dataset: SqlDataset, file: LoadFile): Promise<number> {
  const { dialect, name } = dataset;
  const target = {
    into: (columns: readonly string[]) =>
      `${quoteTable(dialect, name, file.table.name)} (${columns.map((column) => quoteIdentifier(dialect, column)).join(", ")})`,
    maxLength: statementLength,
  };
  let rowCount = 0;
  for await (const text of insertStatements(bytesOf(file), target)) rowCount += await session.run({ text, values: [] });
  return rowCount;
}

async function* bytesOf({ at, jobId, table, loadId }: LoadFile): AsyncGenerator<Uint8Array, void, undefined> {
  const path = "path" in at ? at.path : at.url;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk as Uint8Array;
  } catch (cause) {
    throw new DestinationError(
      "DESTINATION_LOAD_FILE_UNREADABLE",
      `The load file \`${jobId}\` of table \`${table.name}\` cannot be read. Nothing of it was loaded.`,
      {
        hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
        context: { job: jobId, table: table.name, load: loadId },
        cause,
      },
    );
  }
}
