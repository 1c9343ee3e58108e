import type { NamingConvention, Resource, SourceDefinition } from "@dlt/core";
import { cursorOf, resourceDefinition } from "@dlt/core/engine";
import { type ResourceNode, resourceGraph, tableNames, treeOf } from "../extract/resource-graph.js";
import type { PartCursor } from "./plan-document.js";

/** Resources that have to be read together. */
export interface ResourceGroup {
  /** Of what is loaded. */
  readonly resources: readonly string[];
  /** In the order in which they are read, parents before children. */
  readonly nodes: readonly ResourceNode[];
  /** Resources that nothing feeds. */
  readonly roots: readonly Resource[];
}

/**
 * Groups the selected resources of a source: a resource with those that it feeds, and those that write to the same table, since the
 * first of them declares it.
 *
 * @param naming that of the schema: names that become the same one are of the same table
 */
export function groupResources(source: SourceDefinition, naming: NamingConvention): readonly ResourceGroup[] {
  const tablesOf = (tree: readonly ResourceNode[]): readonly string[] =>
    tree.flatMap((node) => (node.isLoaded ? tableNames(node, naming) : []));
  const nodes = resourceGraph(source);
  const groupOf = new Map<string, Set<ResourceNode>>();
  const groups: Set<ResourceNode>[] = [];
  for (const root of nodes) {
    if (root.parent !== null) continue;
    const tree = treeOf(root);
    const joined = new Set(tablesOf(tree).flatMap((table) => groupOf.get(table) ?? []));
    const [group = new Set<ResourceNode>()] = joined;
    if (joined.size === 0) groups.push(group);
    for (const other of joined) {
      if (other === group) continue;
      for (const node of other) group.add(node);
      groups.splice(groups.indexOf(other), 1);
    }
    for (const node of tree) group.add(node);
    for (const table of tablesOf([...group])) groupOf.set(table, group);
  }
  return groups.map((group) => {
    const members = nodes.filter((node) => group.has(node));
    return {
      nodes: members,
      resources: members.filter(({ isLoaded }) => isLoaded).map(({ name }) => name),
      roots: members.filter(({ parent }) => parent === null).map(({ resource }) => resource),
    };
  });
}

/** Names of the resources that start without state, as the extract has it: what is replaced is read from its beginning. */
export function startingAnew(nodes: readonly ResourceNode[]): readonly string[] {
  const isReplaced = ({ resource }: ResourceNode) => resourceDefinition(resource).hints?.writeDisposition === "replace";
  return nodes.filter(isReplaced).map(({ name }) => name);
}

/** Why a group cannot be read in parts, although its resource says how; `null` when it can. */
export function whyNotSplit({ nodes, roots }: ResourceGroup): string | null {
  if (roots.length > 1) return "It writes to a table that another resource of the source writes to, too.";
  for (const { resource, name } of nodes) {
    const { steps } = resourceDefinition(resource);
    if (typeof cursorOf(steps)?.lastValueFunc === "function")
      return `The cursor of \`${name}\` has a \`lastValueFunc\` of its own, which is not there when the parts are put together.`;
    if (steps.some(({ kind }) => kind === "limit"))
      return `\`${name}\` has a limit, which counts over all of its rows.`;
  }
  return null;
}

/** The cursors of a group that remember something. */
export function cursorsOf({ nodes }: ResourceGroup): readonly PartCursor[] {
  return nodes.flatMap(({ resource, name }): readonly PartCursor[] => {
    const cursor = cursorOf(resourceDefinition(resource).steps);
    if (cursor === undefined || cursor.endValue !== undefined || typeof cursor.lastValueFunc === "function") return [];
    return [{ resource: name, path: cursor.cursorPath, lastValueFunc: cursor.lastValueFunc }];
  });
}
