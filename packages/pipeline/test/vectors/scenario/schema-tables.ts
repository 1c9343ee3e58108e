import type { JsonValue } from "@dlt/core";
import type { VectorObject } from "../read-vectors.js";

/** The data tables of a stored schema document as the vectors list them: columns in order, hints in any. */
export function schemaTables(document: VectorObject): Readonly<Record<string, unknown>> {
  const tables = [...(document.get("tables") as ReadonlyMap<string, VectorObject>)];
  return Object.fromEntries(tables.flatMap(([name, table]) => (isSystemTable(name) ? [] : [[name, tableOf(table)]])));
}

/** Tables of the library, which the vectors leave out. */
export function isSystemTable(name: string): boolean {
  return name.startsWith("_dlt");
}

function tableOf(table: VectorObject): unknown {
  const { name: _, columns: __, ...hints } = plain(table) as Record<string, unknown>;
  const columns = [...((table.get("columns") ?? new Map()) as VectorObject).values()].map(plain);
  return { ...hints, columns };
}

/** A document as plain objects, for comparing where the order of keys does not count. */
export function plain(value: JsonValue | undefined): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, member]) => [key, plain(member as JsonValue)]));
  return Array.isArray(value) ? value.map((element) => plain(element as JsonValue)) : value;
}
