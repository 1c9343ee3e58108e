import type { FileStore, StoreOptions } from "@dlt/storage";
import { loadMicros } from "./load-id.js";

/** The name of a system file in its parts: `<owner>__<time>` or `<owner>__<time>__<hash>`. */
export interface SystemName {
  readonly key: string;
  /** A schema or a pipeline. */
  readonly owner: string;
  /** Id of a load, or seconds since 1970. */
  readonly time: string;
  /** In hexadecimal. */
  readonly hash: string;
}

/** `4k3…=` → the same in hexadecimal, as names of files have it. */
export function hexHash(versionHash: string): string {
  return Buffer.from(versionHash, "base64").toString("hex");
}

/** Key of a system file: parts joined with `__`. */
export function systemKey(folder: string, parts: readonly string[], extension = "jsonl"): string {
  return `${folder}/${parts.join("__")}.${extension}`;
}

/** The files of a folder whose names have three parts; others are somebody else's. */
export async function namesWithHash(
  store: FileStore,
  { folder, owner }: { readonly folder: string; readonly owner?: string },
  options: StoreOptions,
): Promise<readonly SystemName[]> {
  const names: SystemName[] = [];
  const prefix = owner === undefined ? `${folder}/` : `${folder}/${owner}__`;
  for await (const { key } of store.list(prefix, options)) {
    const [, found, time, hash] = /^(.*)__(.*?)__([^_]*)$/s.exec(stem(folder, key)) ?? [];
    if (found === undefined || time === undefined || hash === undefined) continue;
    if (owner === undefined || found === owner) names.push({ key, owner: found, time, hash });
  }
  return names;
}

/** The files of a folder whose names are an owner and the id of a load. */
export async function namesWithLoad(
  store: FileStore,
  { folder, owner }: { readonly folder: string; readonly owner?: string },
  options: StoreOptions,
): Promise<readonly Omit<SystemName, "hash">[]> {
  const names: Omit<SystemName, "hash">[] = [];
  const prefix = owner === undefined ? `${folder}/` : `${folder}/${owner}__`;
  for await (const { key } of store.list(prefix, options)) {
    const [, found, time] = /^(.*)__(.*?)$/s.exec(stem(folder, key)) ?? [];
    if (found === undefined || time === undefined || loadMicros(time) === null) continue;
    if (owner === undefined || found === owner) names.push({ key, owner: found, time });
  }
  return names;
}

/** Without the folder and what comes behind the last dot. */
function stem(folder: string, key: string): string {
  return key.slice(folder.length + 1).replace(/\.[^.]*$/, "");
}
