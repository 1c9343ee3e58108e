import { readFile } from "node:fs/promises";
import { DestinationError, Float, type LoadFile } from "@dlt/core";
import { decodeJson, plainObjects } from "@dlt/core/engine";
import type { MemoryRow } from "./memory-database.js";

/** The rows of a load file, with NULL for columns that a row lacks. */
export async function loadFileRows(file: LoadFile): Promise<readonly MemoryRow[]> {
  const text = await contentOf(file);
  const columns = [...file.table.columns.keys()];
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const row = plainObjects(decodeJson(line), (scalar) =>
        scalar instanceof Float ? scalar.value : scalar,
      ) as MemoryRow;
      return Object.fromEntries(columns.map((name) => [name, Object.hasOwn(row, name) ? row[name] : null]));
    });
}

async function contentOf({ at, jobId, table, loadId }: LoadFile): Promise<string> {
  const path = "path" in at ? at.path : at.url;
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new DestinationError(
      "DESTINATION_LOAD_FILE_UNREADABLE",
      `Could not read load file \`${jobId}\` at ${path}.`,
      {
        hint: "Do not change files of a load package; drop the package and extract again if its files are gone.",
        context: { job: jobId, table: table.name, load: loadId },
        cause: error,
      },
    );
  }
}
