import type { Resource } from "../contract/resource.js";
import { resourceDefinition } from "./brand.js";

/**
 * The names of the selected resources in groups: those of a group are connected by what feeds them. Groups and names are in the
 * order of the resources.
 */
export function connectedResources(resources: Iterable<Resource>): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const resource of resources) {
    if (!resource.selected) continue;
    const root = rootOf(resource).name;
    const group = groups.get(root) ?? [];
    group.push(resource.name);
    groups.set(root, group);
  }
  return [...groups.values()];
}

/** What is read for a resource: itself, or where its rows come from in the end. A resource has one parent at most. */
export function rootOf(resource: Resource): Resource {
  const { body } = resourceDefinition(resource);
  return body.kind === "transformer" ? rootOf(body.parent) : resource;
}
