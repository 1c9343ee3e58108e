import type { SchemaText, StateRecord } from "@dlt/core";
import { hasKeys } from "./stored-json.js";

/** What a package was made from: `origin.json`, carried along until it is loaded. */
export interface PackageOrigin {
  /** The extract that it is of; packages of one extract were committed together. Absent: it is the only one. */
  readonly extractId?: string;
  /** Hash of the schema once the extract was committed. While the local schema still has it, nothing came between. */
  readonly schemaHash: string;
  /** The local documents before the extract, so that dropping the package can put them back. */
  readonly before: {
    /** `null`: the pipeline had no schema of this name. */
    readonly schema: SchemaText | null;
    /** State of the source of this schema, typed JSON; `null`: it had none. */
    readonly sourceState: string | null;
  };
  /**
   * The same after a refresh, for a package that drops or truncates tables. They take the place of `before` once the destination
   * was told to: rows that are gone there have to be fetched again.
   */
  readonly afterReset?: { readonly schema: SchemaText; readonly sourceState: string | null };
}

export function isPackageOrigin(content: unknown): content is PackageOrigin {
  return hasKeys(content, ["schemaHash", "before"]) && hasKeys(content["before"], ["schema", "sourceState"]);
}

/** The state that travels with a package: `state.json`. */
export function stateRecordText(record: StateRecord): string {
  return JSON.stringify({ ...record, createdAt: String(record.createdAt) });
}

type StoredStateRecord = Omit<StateRecord, "createdAt"> & { readonly createdAt: string };

export function isStoredStateRecord(content: unknown): content is StoredStateRecord {
  return hasKeys(content, ["version", "engineVersion", "pipelineName", "state", "createdAt", "versionHash", "loadId"]);
}

export function stateRecordOf(stored: StoredStateRecord): StateRecord {
  return { ...stored, createdAt: BigInt(stored.createdAt) };
}
