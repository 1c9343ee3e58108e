import { quote, standardIdentifiers, standardText } from "@dlt/sql";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { DuckdbCredentials } from "./credentials.js";
import { catalogOfFile } from "./datasets.js";
import { driverMessage } from "./errors.js";
import { settingText } from "./settings.js";

type AttachSettings = Pick<DuckdbCredentials, "readOnly" | "attachOptions" | "encryptionKey">;

/** True for a file that is opened with options that `ATTACH` alone takes: it is attached to a database in memory. */
export function isAttached({ attachOptions, encryptionKey }: AttachSettings): boolean {
  return encryptionKey !== undefined || Object.keys(attachOptions).length > 0;
}

/** Name of the database of an attached file. The one in memory is called `memory`. */
export function catalogOfAttached(path: string): string {
  const name = catalogOfFile(path);
  return name.toLowerCase() === "memory" ? `${name}_db` : name;
}

/** Attaches a file under a name, unless another client of this process has done so. */
export async function attachFile(
  connection: DuckDBConnection,
  path: string,
  { catalog, credentials }: { readonly catalog: string; readonly credentials: AttachSettings },
): Promise<void> {
  const { readOnly, attachOptions, encryptionKey } = credentials;
  const options = [
    readOnly ? "READ_ONLY" : "READ_WRITE",
    ...Object.entries(attachOptions).map(([name, value]) => `${name} ${settingText(value)}`),
    ...(encryptionKey === undefined ? [] : [`ENCRYPTION_KEY ${quote(standardText, encryptionKey.reveal())}`]),
  ];
  const place = `${quote(standardText, path)} AS ${quote(standardIdentifiers, catalog)}`;
  try {
    await connection.run(`ATTACH IF NOT EXISTS ${place} (${options.join(", ")})`);
  } catch (error) {
    // The error itself may show the statement, which has the key.
    throw new Error(driverMessage(error));
  }
}
