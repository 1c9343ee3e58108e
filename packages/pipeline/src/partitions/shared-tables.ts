import { PackageError, type PartialTable, type Schema } from "@dlt/core";
import { isDltTable, parseTable, updateTable } from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";
import type { AttemptDocument } from "./attempt-document.js";
import type { PlanDocument } from "./plan-document.js";

/**
 * What the attempts declare of tables as a run has it, where the first resource that writes to a table declares it: the declarations of
 * resources of other partitions are left out. Only the rows tell of such tables (`withTableName`, names that depend on the row): resources
 * with the same `tableName` are in one partition.
 *
 * @param schema that of the plan
 * @throws PackageError `PARTITION_TABLE_CONFLICT` when another resource declares something else
 */
export function withFirstDeclarations(
  documents: readonly AttemptDocument[],
  { plan, schema }: { readonly plan: PlanDocument; readonly schema: Schema },
): readonly AttemptDocument[] {
  const parents = parentsOf(documents, schema);
  const owners = new Map<string, { readonly group: string; readonly resource: string }>();
  let declared = schema;
  return documents.map((document) => {
    const group = JSON.stringify(plan.parts[document.index]?.resources);
    const dropped = new Set<string>();
    const ownerOf = (root: string, resource: string) => {
      const owner = owners.get(root) ?? { group, resource };
      owners.set(root, owner);
      return owner;
    };
    /** What is to be declared, of what a resource declares. */
    const own = (tables: readonly JsonValueDocument[], resource: string): readonly JsonValueDocument[] =>
      tables.filter((table) => {
        const partial = parseTable(JSON.stringify(table));
        const root = rootOf(partial.name, parents);
        const owner = ownerOf(root, partial.resource ?? resource);
        if (owner.group === group) {
          declared = merged(declared, partial);
          return true;
        }
        const resources = [owner.resource, partial.resource ?? resource] as const;
        assertDeclared(declared, partial, { root, resources });
        dropped.add(partial.name);
        return false;
      });
    const chunks = document.chunks.map((entry) => {
      if (isDltTable(schema, entry.table)) return entry;
      ownerOf(entry.table, entry.resource);
      return { ...entry, update: own(entry.update, entry.resource) };
    });
    const tables = own(document.tables, document.chunks[0]?.resource ?? "");
    if (dropped.size === 0) return document;
    const changes = document.changes.map((change) =>
      change.kind === "data"
        ? change
        : { ...change, tables: change.tables.filter(({ name }) => !dropped.has(String(name))) },
    );
    return { ...document, chunks, tables, changes };
  });
}

/** Refuses a declaration that says something else than what is declared. */
function assertDeclared(
  schema: Schema,
  partial: PartialTable,
  { root, resources }: { readonly root: string; readonly resources: readonly [string, string] },
): void {
  const known = schema.tables.get(partial.name);
  const same = { ...partial, ...(known?.resource && { resource: known.resource }) };
  if (known !== undefined && merged(schema, same).tables.get(partial.name) === known) return;
  const [first, second] = resources;
  throw new PackageError(
    "PARTITION_TABLE_CONFLICT",
    `Resources \`${first}\` and \`${second}\` of different partitions write to table \`${root}\` and declare it in different ways. Nothing was loaded.`,
    {
      hint: "Give both resources the same hints, tables of their own, or the same `tableName`, so that one partition reads them. Then make a new plan.",
      context: { table: root, first, second },
    },
  );
}

function merged(schema: Schema, partial: PartialTable): Schema {
  return updateTable(schema, partial, { normalizeIdentifiers: false, mergeCompound: false });
}

function parentsOf(documents: readonly AttemptDocument[], schema: Schema): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  for (const { name, parent } of schema.tables.values()) if (parent) parents.set(name, parent);
  for (const { chunks, tables } of documents)
    for (const table of [...chunks.flatMap(({ update }) => update), ...tables])
      if (typeof table["parent"] === "string") parents.set(String(table["name"]), table["parent"]);
  return parents;
}

function rootOf(table: string, parents: ReadonlyMap<string, string>): string {
  const parent = parents.get(table);
  return parent === undefined ? table : rootOf(parent, parents);
}
