import type { DestinationClient, ReplaceStrategy, TableSchema } from "@dlt/core";
import { type DirectLoad, directLoad, runJobs } from "../direct-load.js";
import { expectRows } from "../stored-rows.js";
import type { Trial } from "../trial.js";
import type { LinkedUser } from "./users.js";

export interface LinkedLoad {
  readonly number: number;
  /** Users and their tags. */
  readonly tables: readonly [TableSchema, TableSchema];
  readonly loaded: readonly LinkedUser[];
  readonly replaceStrategy?: ReplaceStrategy;
}

/** A load of users; without any tag it has no file of tags. */
export function linkedLoad(trial: Trial, { loaded, ...load }: LinkedLoad): Promise<DirectLoad> {
  const tags = loaded.flatMap((user) => user.tags);
  const [root, nested] = load.tables;
  const files = [
    { table: root.name, rows: loaded.map(({ row }) => row) },
    ...(tags.length > 0 ? [{ table: nested.name, rows: tags }] : []),
  ];
  return directLoad(trial, { ...load, files });
}

export async function prepareAndRun(client: DestinationClient, load: DirectLoad): Promise<void> {
  await client.prepare(load.plan);
  await runJobs(client, load);
}

export async function expectUsers(
  trial: Trial,
  [root, nested]: readonly [TableSchema, TableSchema],
  expected: readonly LinkedUser[],
): Promise<void> {
  const rows = expected.map(({ row }) => row);
  const tags = expected.flatMap((user) => user.tags);
  await expectRows(trial, root, rows);
  await expectRows(trial, nested, tags);
}
