import type { TableSchema } from "@dlt/core";
import type { Row } from "../column-batch.js";
import { tableOf } from "../stored-rows.js";

/** Users with their tags, the tables that most tests are about. */
export const users = tableOf("users", { id: "bigint", name: "text" });

/** Rows 1 to `count`, with a name each. */
export function userRows(count: number, name = "n"): readonly Row[] {
  return Array.from({ length: count }, (_, n) => ({ id: n + 1, name: `${name}${n + 1}` }));
}

/** Users and tags with the columns that link them, and these hints on the root table. */
export function linkedTables(
  hints: Partial<TableSchema>,
  keys: Readonly<Record<string, object>> = {},
): readonly [TableSchema, TableSchema] {
  const root = tableOf(
    "users",
    {
      id: { dataType: "bigint", nullable: false, ...keys["id"] },
      region: { dataType: "text", ...keys["region"] },
      name: "text",
      version: { dataType: "bigint", ...keys["version"] },
      gone: { dataType: "bool", ...keys["gone"] },
      _dlt_id: { dataType: "text", nullable: false, unique: true, rowKey: true },
    },
    hints,
  );
  const nested = tableOf(
    "users__tags",
    {
      value: "text",
      _dlt_root_id: { dataType: "text", nullable: false, rootKey: true },
      _dlt_parent_id: { dataType: "text", nullable: false, parentKey: true },
      _dlt_list_idx: { dataType: "bigint", nullable: false },
      _dlt_id: { dataType: "text", nullable: false, unique: true, rowKey: true },
    },
    { parent: "users" },
  );
  return [root, nested];
}

/** A user as a row of the root table, with tags as rows of the nested one. */
export interface LinkedUser {
  readonly row: Row;
  readonly tags: readonly Row[];
}

/** `rowId`: the same for a user that comes again, where rows have ids made from their keys. */
export function linkedUser(user: Row & { readonly id: number }, tags: readonly string[], rowId: string): LinkedUser {
  return {
    row: { region: "north", name: "", version: 1, gone: null, ...user, _dlt_id: rowId },
    tags: tags.map((value, index) => ({
      value,
      _dlt_root_id: rowId,
      _dlt_parent_id: rowId,
      _dlt_list_idx: index,
      _dlt_id: `${rowId}.${index}`,
    })),
  };
}
