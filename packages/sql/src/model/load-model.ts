import { readFile } from "node:fs/promises";
import { DestinationError, type LoadFile, type ModelClient } from "@dlt/core";
import type { SqlSession } from "../client/sql-backend.js";
import type { SqlDataset } from "../sql-dataset.js";
import { insertQuery } from "./insert-query.js";
import { parseModel } from "./parse-model.js";

/**
 * Makes the rows of a table by the query in a load file, in the transaction of the session; gives how many there are. `describe` looks
 * at the query first, so that what is run is one SELECT whatever the file holds.
 */
export async function loadModel<Session extends SqlSession>(
  session: Session,
  dataset: SqlDataset,
  { file, describe }: { readonly file: LoadFile; readonly describe: ModelClient["describe"] },
): Promise<number> {
  const query = parseModel(dataset.dialect, file, await readText(file));
  const columns = (await describe(query)).map(({ name }) => name);
  const { table, loadId } = file;
  return await session.run(insertQuery(dataset, { table, query, columns, loadId }));
}

async function readText({ at, jobId, loadId, table }: LoadFile): Promise<string> {
  try {
    return await readFile("path" in at ? at.path : new URL(at.url), "utf8");
  } catch (cause) {
    throw new DestinationError(
      "DESTINATION_LOAD_FILE_UNREADABLE",
      `The load file \`${jobId}\` of table \`${table.name}\` cannot be read. Nothing of it was loaded.`,
      {
        hint: "Drop the package and extract again if its files are gone.",
        context: { job: jobId, table: table.name, load: loadId },
        cause,
      },
    );
  }
}
