import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonValue } from "@dlt/core";
import { decodeJson } from "@dlt/core/engine";
import type { Pipeline } from "../../../src/index.js";
import type { VectorObject } from "../read-vectors.js";

/** How tables are compared. `sorted`: columns by name, where their order does not count. */
interface TableForm {
  readonly sorted: boolean;
}

/** The data tables of a stored schema document as the vectors list them: columns in order, hints in any. */
export function schemaTables(document: VectorObject, form: TableForm): Readonly<Record<string, unknown>> {
  const tables = [...(document.get("tables") as ReadonlyMap<string, VectorObject>)];
  return Object.fromEntries(
    tables.flatMap(([name, table]) => {
      const { name: _, columns: __, ...hints } = plain(table) as Record<string, unknown>;
      const columns = ((table.get("columns") ?? new Map()) as VectorObject).values();
      return isSystemTable(name) ? [] : [[name, { ...hints, columns: listOf(columns, form) }]];
    }),
  );
}

/** The tables that a vector expects, in the same form. */
export function expectedTables(tables: VectorObject, form: TableForm): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...(tables as ReadonlyMap<string, VectorObject>)].map(([name, table]) => {
      const columns = listOf(table.get("columns") as readonly JsonValue[], form);
      return [name, { ...(plain(table) as object), columns }];
    }),
  );
}

function listOf(columns: Iterable<JsonValue>, { sorted }: TableForm): readonly unknown[] {
  const list = [...columns].map((column) => plain(column) as { readonly name: string });
  return sorted ? list.sort((a, b) => (a.name < b.name ? -1 : 1)) : list;
}

/** Tables of the library, which the vectors leave out. */
export function isSystemTable(name: string): boolean {
  return name.startsWith("_dlt");
}

/** A document as plain objects, for comparing where the order of keys does not count. */
export function plain(value: JsonValue | undefined): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, member]) => [key, plain(member as JsonValue)]));
  return Array.isArray(value) ? value.map((element) => plain(element as JsonValue)) : value;
}

/** The schema as the pipeline keeps it. */
export async function storedSchema(pipeline: Pipeline, name: string): Promise<VectorObject> {
  const path = join(pipeline.workingDir, "schemas", `${name}.schema.json`);
  return decodeJson(await readFile(path, "utf8")) as VectorObject;
}
