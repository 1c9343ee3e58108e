import type { Resource, SourceDefinition } from "@dlt/core";
import { cloneResources, resourceDefinition } from "@dlt/core/engine";

/** The resources that a run reads: those that are selected, and all that feed them. */
export function readResources(resources: Iterable<Resource>): readonly Resource[] {
  const read = new Set<Resource>();
  const add = (resource: Resource): void => {
    if (read.has(resource)) return;
    read.add(resource);
    const { body } = resourceDefinition(resource);
    if (body.kind === "transformer") add(body.parent);
  };
  for (const resource of resources) if (resource.selected) add(resource);
  return [...read];
}

/** A copy of a source in which every resource that is read was changed. The source itself stays as it is. */
export function withReadResources(source: SourceDefinition, change: (resource: Resource) => void): SourceDefinition {
  const copies = cloneResources(source.resources.values());
  const resources = new Map([...source.resources].map(([name, resource]) => [name, copies.get(resource) ?? resource]));
  for (const resource of readResources(resources.values())) change(resource);
  return { ...source, resources };
}
