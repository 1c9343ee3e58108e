import type { Schema, SourceDefinition } from "@dlt/core";
import type { UncutResource } from "./epoch-tree.js";
import { type ResourceNode, resourceGraph, treeOf } from "./resource-graph.js";
import { SharedTables } from "./shared-tables.js";
import { knownTables } from "./uncut-resource.js";

/** Of sources with one name that share a table which has to be loaded at once: all that nothing feeds, and why it is not cut. Otherwise nothing. */
export function wholeSources(sources: readonly SourceDefinition[], schema: Schema): readonly UncutResource[] {
  const graphs = sources.map((source) => ({ source: source.name, nodes: resourceGraph(source) }));
  const sharing = sharingNodes(
    graphs.map(({ nodes }) => nodes),
    schema,
  );
  if (sharing.size === 0) return [];
  return graphs.flatMap(({ source, nodes }) =>
    nodes
      .filter(({ parent }) => parent === null)
      .map((root) => ({ source, resource: root.name, reason: reasonOfWhole(root, sharing) })),
  );
}

function reasonOfWhole(root: ResourceNode, sharing: ReadonlySet<ResourceNode>): string {
  return treeOf(root).some((node) => sharing.has(node))
    ? "other sources of the run write to its table, which has to be loaded at once"
    : "sources with the name of its source write to one table, which has to be loaded at once, and are loaded together";
}

/** The resources of several sources that write to a table which has to be loaded at once: epochs of one would undo those of another. */
function sharingNodes(sources: readonly (readonly ResourceNode[])[], schema: Schema): ReadonlySet<ResourceNode> {
  const tables = new SharedTables();
  const sourceOf = new Map(sources.flatMap((nodes) => nodes.map((node) => [node, nodes] as const)));
  const together = [...sourceOf.keys()]
    .filter(({ isLoaded }) => isLoaded)
    .flatMap((node) => knownTables(node, schema).tables.map((table) => tables.declare(node, table)?.nodes ?? []));
  const shared = together.filter((nodes) => new Set([...nodes].map((node) => sourceOf.get(node))).size > 1);
  return new Set(shared.flatMap((nodes) => [...nodes]));
}
