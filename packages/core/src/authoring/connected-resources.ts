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
    const root = rootName(resource);
    const group = groups.get(root) ?? [];
    group.push(resource.name);
    groups.set(root, group);
  }
  return [...groups.values()];
}

/** A resource has one parent at most, so that the one at the top tells what is connected. */
function rootName(resource: Resource): string {
  const { body, name } = resourceDefinition(resource);
  return body.kind === "transformer" ? rootName(body.parent) : name;
}
