import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DestinationClient, type DltError, isDltError, type LoadFile } from "@dlt/core";
import { onTestFinished } from "vitest";

/** An empty folder that is removed with the test. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dlt-load-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function run(client: DestinationClient, file: LoadFile, signal = new AbortController().signal) {
  return client.createJob(file).run(signal);
}

/** Rows of a query. */
export async function query(
  client: DestinationClient,
  sql: string,
  ...args: readonly unknown[]
): Promise<readonly (readonly unknown[])[]> {
  if (client.sql === undefined) throw new Error("The client speaks no SQL.");
  return await client.sql.executeSql(sql, ...args);
}

/** The error that work ends with; it has to be one of the library. */
export async function errorOf(work: Promise<unknown>): Promise<DltError> {
  const error = await work.then(
    () => {
      throw new Error("There was no error.");
    },
    (reason: unknown) => reason,
  );
  if (isDltError(error)) return error;
  throw error;
}
