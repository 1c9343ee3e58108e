import type { StoredRow } from "./place.js";

/** What was loaded, in a form that two runs of the same share: nested rows in their parents, no ids, no times of loading. */
export type Documents = Readonly<Record<string, readonly string[]>>;

type Tables = ReadonlyMap<string, readonly StoredRow[]>;

/** Rows of all root tables as JSON documents with what is nested in them, sorted. */
export function documentsOf(tables: Tables): Documents {
  const roots = [...tables.keys()].filter((name) => !isSystem(name) && !isNested(name, tables)).sort();
  return Object.fromEntries(
    roots.map((name) => [name, (tables.get(name) ?? []).map((row) => documentOf(name, row, tables)).sort()]),
  );
}

/** Rules that hold however often a run was interrupted, and do not here. */
export function brokenRules(tables: Tables): readonly string[] {
  const loads = (tables.get("_dlt_loads") ?? []).map((row) => row["load_id"]);
  const broken: string[] = [];
  if (new Set(loads).size < loads.length) broken.push("A load is complete more than once.");
  for (const [name, rows] of tables) {
    if (name === "_dlt_loads" || name === "_dlt_version" || name === "_dlt_jobs") continue;
    const loadIds = rows.flatMap((row) => (row["_dlt_load_id"] === undefined ? [] : [row["_dlt_load_id"]]));
    if (loadIds.some((id) => !loads.includes(id))) broken.push(`\`${name}\` has rows of loads that are not complete.`);
    if (isSystem(name)) continue;
    const parent = tables.get(parentOf(name, tables) ?? "");
    const parents = new Set(parent?.map((row) => row["_dlt_id"]));
    if (parent !== undefined && rows.some((row) => !parents.has(row["_dlt_parent_id"])))
      broken.push(`\`${name}\` has rows whose parent is gone.`);
  }
  return broken;
}

function documentOf(table: string, row: StoredRow, tables: Tables): string {
  const own = Object.entries(row).filter(([name]) => !ownColumns.has(name));
  const nested = [...tables.keys()]
    .filter((name) => parentOf(name, tables) === table)
    .map((name): [string, readonly string[]] => {
      const rows = (tables.get(name) ?? []).filter((each) => each["_dlt_parent_id"] === row["_dlt_id"]);
      return [
        name,
        rows
          .sort((a, b) => Number(a["_dlt_list_idx"]) - Number(b["_dlt_list_idx"]))
          .map((each) => documentOf(name, each, tables)),
      ];
    });
  return JSON.stringify(Object.fromEntries([...own, ...nested].sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Columns that differ between two runs of the same, or only say how rows hang together. */
const ownColumns = new Set(["_dlt_id", "_dlt_load_id", "_dlt_parent_id", "_dlt_root_id", "_dlt_list_idx"]);

function isSystem(name: string): boolean {
  return name.startsWith("_dlt_");
}

function isNested(name: string, tables: Tables): boolean {
  return parentOf(name, tables) !== null;
}

/** The table that has the longest beginning of a name, up to `__`. */
function parentOf(name: string, tables: Tables): string | null {
  for (let end = name.lastIndexOf("__"); end > 0; end = name.lastIndexOf("__", end - 1)) {
    if (tables.has(name.slice(0, end))) return name.slice(0, end);
  }
  return null;
}
