import type { Resource } from "../contract/resource.js";
import { resourceDefinition } from "./brand.js";
import type { ResourceDefinition } from "./definition.js";
import { makeResource } from "./resource.js";

/**
 * Copies of resources with the resources that feed them. What two of them share is shared by their copies, and by those that are
 * `known` already.
 */
export function cloneResources(
  resources: Iterable<Resource>,
  known: Iterable<readonly [original: Resource, copy: Resource]> = [],
): ReadonlyMap<Resource, Resource> {
  const copies = new Map(known);
  const copyOf = (original: Resource): Resource => {
    const existing = copies.get(original);
    if (existing !== undefined) return existing;
    const definition = resourceDefinition(original);
    const copy = makeResource(withParent(definition, copyOf));
    copies.set(original, copy);
    return copy;
  };
  for (const resource of resources) copyOf(resource);
  return copies;
}

/**
 * A copy under another name, with copies of the resources that feed it. Where a parent's name holds the old name, the new
 * one takes its place (`r1`, `r1_parent` → `r2`, `r2_parent`); otherwise it is appended. The copies belong to no source.
 */
export function renamed(resource: Resource, name: string): Resource {
  const { source: _, ...definition } = resourceDefinition(resource);
  const { name: old, binding } = definition;
  const parentName = (parent: string): string =>
    parent.includes(old) ? parent.replaceAll(old, name) : `${parent}_${name}`;
  return makeResource({
    ...withParent(definition, (parent) => renamed(parent, parentName(parent.name))),
    name,
    // Also where the name would depend on the arguments.
    ...(binding && { binding: { ...binding, bind: (args) => ({ ...binding.bind(args), name }) } }),
  });
}

function withParent(definition: ResourceDefinition, change: (parent: Resource) => Resource): ResourceDefinition {
  const { body } = definition;
  return body.kind === "reader" ? definition : { ...definition, body: { ...body, parent: change(body.parent) } };
}
