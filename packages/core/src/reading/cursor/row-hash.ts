import type { ColumnNames } from "../../contract/hints.js";
import { SourceError } from "../../errors/index.js";
import { digestText } from "../../hash/digest.js";
import { encodeJson } from "../../json/encode.js";
import { fieldOf } from "./cursor-path.js";

/**
 * What tells rows with the same cursor value apart: SHAKE-128, 15 bytes in Base64, of the JSON of the key, or of the whole row
 * when there is none. One name gives the bare value, a list an array, also when it has one name.
 */
export function rowHasher(key: ColumnNames | ((row: never) => unknown) | undefined): (row: unknown) => string {
  const identity = identityOf(key);
  return (row) => digestText(encodeJson(identity(row), { sorted: true }), 15);
}

function identityOf(key: ColumnNames | ((row: never) => unknown) | undefined): (row: unknown) => unknown {
  if (key === undefined || key === "") return (row) => row;
  if (typeof key === "string") return (row) => keyField(row, key);
  if (typeof key !== "function") return (row) => key.map((name) => keyField(row, name));
  const keyOf = key as (row: unknown) => unknown;
  return (row) => identityOf(keyOf(row) as ColumnNames)(row);
}

function keyField(row: unknown, name: string): unknown {
  const value = fieldOf(row, name);
  if (value !== undefined) return value;
  throw new SourceError(
    "CURSOR_KEY_MISSING",
    `A row at the last value of the cursor has no \`${name}\`, which is part of the key that tells such rows apart.`,
    {
      hint: "Give `incremental` a `primaryKey` of fields that every row has, or an empty list: then rows at the last value may be loaded twice.",
      context: { field: name },
    },
  );
}
