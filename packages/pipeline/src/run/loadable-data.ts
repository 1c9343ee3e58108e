import { isResource, isSource } from "@dlt/core";
import type { RunData } from "../extract/index.js";

/** Infos and traces among the rows in the form in which they are loaded. */
export function loadableData(data: RunData): RunData {
  if (!Array.isArray(data)) return data;
  const rows: readonly unknown[] = data;
  return rows.some(isInfo) ? (rows.map((row) => (isInfo(row) ? row.asDict() : row)) as RunData) : data;
}

function isInfo(row: unknown): row is { asDict(): object } {
  return typeof row === "object" && row !== null && "asDict" in row && typeof row.asDict === "function";
}

interface GivenData {
  readonly name: string;
  readonly dataType: string;
}

/** What a run was given, for its info: sources and resources by name, otherwise one entry with the kind of data. */
export function describeData(data: RunData): readonly GivenData[] {
  const items: readonly unknown[] = Array.isArray(data) ? data : [data];
  const named: GivenData[] = [];
  // A list may have all rows of a run.
  for (const item of items) {
    const part = namedPart(item);
    if (part !== null) named.push(part);
  }
  if (named.length > 0) return named;
  return [{ name: "", dataType: Array.isArray(data) ? "array" : kindOf(data) }];
}

function namedPart(item: unknown): GivenData | null {
  if (isSource(item)) return { name: item.name, dataType: "source" };
  return isResource(item) ? { name: item.name, dataType: "resource" } : null;
}

function kindOf(data: unknown): string {
  if (typeof data !== "object" || data === null) return typeof data;
  const name: unknown = data.constructor?.name;
  return typeof name === "string" ? name : "object";
}
