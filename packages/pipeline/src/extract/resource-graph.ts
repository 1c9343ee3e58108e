import type { NamingConvention, Resource, SourceDefinition } from "@dlt/core";
import { cloneResources, resourceDefinition } from "@dlt/core/engine";

/** A resource that is read in a run, and the resources that are fed by it. */
export interface ResourceNode {
  readonly resource: Resource;
  readonly name: string;
  /** Its rows are loaded; otherwise they only feed others. */
  readonly isLoaded: boolean;
  readonly parent: ResourceNode | null;
  readonly children: readonly ResourceNode[];
}

type OpenNode = ResourceNode & { readonly children: ResourceNode[] };

/**
 * The selected resources of a source and all that feed them, parents before children. They are copies: what a run changes of
 * them does not reach the source. A resource that feeds several is read once.
 */
export function resourceGraph(source: SourceDefinition): readonly ResourceNode[] {
  const selected = [...source.resources.values()].filter((resource) => resource.selected);
  const copies = cloneResources(selected);
  const loaded = new Set(selected.map((resource) => copies.get(resource)));
  const nodes = new Map<Resource, OpenNode>();
  const nodeOf = (resource: Resource): OpenNode => {
    const known = nodes.get(resource);
    if (known !== undefined) return known;
    const { body, name } = resourceDefinition(resource);
    const parent = body.kind === "transformer" ? nodeOf(body.parent) : null;
    const node: OpenNode = { resource, name, isLoaded: loaded.has(resource), parent, children: [] };
    nodes.set(resource, node);
    parent?.children.push(node);
    return node;
  };
  for (const resource of selected) nodeOf(copies.get(resource) ?? resource);
  return [...nodes.values()];
}

/** A resource with all that it feeds, parents before children. */
export function treeOf(root: ResourceNode): readonly ResourceNode[] {
  return [root, ...root.children.flatMap(treeOf)];
}

/** What feeds a resource, directly or through others, and is fed by nothing; itself when nothing feeds it. */
export function rootOf(node: ResourceNode): ResourceNode {
  return node.parent === null ? node : rootOf(node.parent);
}

/** Normalized names of the tables that a resource declares, with those of its variants. One that depends on the row is not known. */
export function tableNames({ resource, name }: ResourceNode, naming: NamingConvention): readonly string[] {
  const { hints, variants } = resourceDefinition(resource);
  const { tableName = name } = hints ?? {};
  const own = typeof tableName === "string" ? [tableName] : [];
  return [...own, ...variants.keys()].map((each) => naming.normalizeTablesPath(each));
}

/** Edges from a resource to those that it feeds, for what is loaded; `[name, name]` for a resource that nothing feeds. */
export function graphEdges(nodes: readonly ResourceNode[]): readonly (readonly [parent: string, child: string])[] {
  const edges = new Map<string, readonly [string, string]>();
  const add = (parent: string, child: string): void => {
    edges.set(`${parent}\0${child}`, [parent, child]);
  };
  for (const loaded of nodes) {
    if (!loaded.isLoaded) continue;
    if (loaded.parent === null) add(loaded.name, loaded.name);
    for (let node = loaded; node.parent !== null; node = node.parent) add(node.parent.name, node.name);
  }
  return [...edges.values()];
}
