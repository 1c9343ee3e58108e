import type { Schema } from "@dlt/core";
import { resourceDefinition } from "@dlt/core/engine";
import type { ResourceNode } from "./resource-graph.js";
import { reasonOfCursor, reasonOfTable } from "./uncut-resource.js";

/** Resources that are resumed together: one that nothing feeds with all that it feeds, or several such that share a table. */
export interface ResourceTree {
  /** What nothing feeds, each with why it cannot be cut; `null`: it can. */
  readonly roots: ReadonlyMap<ResourceNode, string | null>;
  readonly nodes: readonly ResourceNode[];
}

interface OpenTree {
  readonly roots: Map<ResourceNode, string | null>;
  readonly nodes: ResourceNode[];
  readonly tables: Set<string>;
  /** Why its tables have to be loaded at once. */
  tableReason: string | null;
}

/**
 * Takes the resources of a source apart. Where a table has to be loaded at once, all that write to it belong together, and none is cut:
 * a load of one would undo what the other has loaded.
 */
export function resourceTrees(nodes: readonly ResourceNode[], schema: Schema): readonly ResourceTree[] {
  const trees: OpenTree[] = [];
  for (const root of nodes.filter(({ parent }) => parent === null)) {
    const tree = treeOf(root, schema);
    const related = trees.filter((other) => mustStayTogether(tree, other));
    for (const other of related) {
      joined(tree, other);
      trees.splice(trees.indexOf(other), 1);
    }
    trees.push(tree);
  }
  return trees;
}

/** True when sources write to a table that has to be loaded at once: then their epochs would undo each other. */
export function shareTables(sources: readonly (readonly ResourceNode[])[], schema: Schema): boolean {
  const seen: OpenTree[] = [];
  for (const nodes of sources) {
    const trees = nodes.filter(({ parent }) => parent === null).map((root) => treeOf(root, schema));
    if (trees.some((tree) => seen.some((other) => mustStayTogether(tree, other)))) return true;
    seen.push(...trees);
  }
  return false;
}

function treeOf(root: ResourceNode, schema: Schema): OpenTree {
  const nodes = [root, ...root.children.flatMap(below)];
  const loaded = nodes.filter(({ isLoaded }) => isLoaded);
  const tables = loaded.flatMap((node) => tableOf(node, schema) ?? []);
  const tableReason = first(loaded.map((node) => reasonOfTable(node, tableOf(node, schema), schema)));
  const reason = first(nodes.map(reasonOfCursor)) ?? tableReason;
  return { roots: new Map([[root, reason]]), nodes, tables: new Set(tables), tableReason };
}

function mustStayTogether(one: OpenTree, other: OpenTree): boolean {
  const isShared = [...one.tables].some((table) => other.tables.has(table));
  return isShared && (one.tableReason !== null || other.tableReason !== null);
}

function joined(tree: OpenTree, other: OpenTree): void {
  const reason = tree.tableReason ?? other.tableReason;
  const all = new Map([...other.roots, ...tree.roots]);
  tree.roots.clear();
  const bearer = [...all].find(([, own]) => own === reason)?.[0];
  for (const [root, own] of all) {
    tree.roots.set(root, own ?? `it writes to a table of \`${bearer?.name ?? root.name}\`: ${reason}`);
  }
  tree.nodes.push(...other.nodes);
  for (const table of other.tables) tree.tables.add(table);
  tree.tableReason = reason;
}

/** Normalized name of the table of a resource; `null` where it depends on the row. */
function tableOf({ resource, name }: ResourceNode, schema: Schema): string | null {
  const tableName = resourceDefinition(resource).hints?.tableName ?? name;
  return typeof tableName === "string" ? schema.naming.normalizeTablesPath(tableName) : null;
}

function below(node: ResourceNode): readonly ResourceNode[] {
  return [node, ...node.children.flatMap(below)];
}

function first(reasons: readonly (string | null)[]): string | null {
  return reasons.find((reason) => reason !== null) ?? null;
}
