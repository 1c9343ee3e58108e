import {
  PackageError,
  type PlainJson,
  type ReadContext,
  type Resource,
  type SourceDefinition,
  SourceError,
} from "@dlt/core";
import { changeResource, cloneResources, resourceDefinition } from "@dlt/core/engine";
import type { RunData } from "../extract/index.js";
import type { ClaimedPipeline } from "../run/claimed-pipeline.js";
import type { ExtractOptions } from "../run/pipeline-options.js";
import { sourcesOf } from "../run/sources-of.js";
import type { PlannedPart } from "./plan-document.js";

/** The one source that a plan is made of. @throws SourceError `PLAN_SOURCE_UNSUPPORTED` */
export async function oneSource(
  claimed: Pick<ClaimedPipeline, "context" | "state">,
  data: RunData,
  options: ExtractOptions,
): Promise<SourceDefinition> {
  const [source, ...others] = await sourcesOf(claimed, data, options);
  if (source !== undefined && others.length === 0) return source;
  throw new SourceError(
    "PLAN_SOURCE_UNSUPPORTED",
    `A plan takes one source, and was given ${source === undefined ? "none" : others.length + 1}.`,
    { hint: "Make a plan for each source, and commit one before the next is planned." },
  );
}

/** The source with only the resources of a partition selected, and its range for the function that reads it. */
export function partitionSource(source: SourceDefinition, part: PlannedPart): SourceDefinition {
  const missing = part.resources.find((name) => !source.resources.has(name));
  if (missing !== undefined) throw sourceDiffers(source.name, `it has no resource \`${missing}\``);
  const copies = cloneResources(source.resources.values());
  const resources = new Map([...source.resources].map(([name, resource]) => [name, copies.get(resource) ?? resource]));
  for (const [name, resource] of resources) changeResource(resource, { selected: part.resources.includes(name) });
  const { split, range } = part;
  if (split === null || range === undefined) return { ...source, resources };
  const [root] = part.resources.flatMap((name) => rootOf(resources.get(name)) ?? []);
  if (root === undefined || root.name !== split) throw sourceDiffers(source.name, `it is not fed by \`${split}\``);
  readOnly(root, range);
  return { ...source, resources };
}

export function sourceDiffers(source: string, difference: string): PackageError {
  return new PackageError(
    "PARTITION_SOURCE_DIFFERS",
    `The source \`${source}\` is not the one that the plan was made of: ${difference}.`,
    { hint: "Give `runPartition` what `plan` was given, from the same version of the code.", context: { source } },
  );
}

function rootOf(resource: Resource | undefined): Resource | undefined {
  if (resource === undefined) return undefined;
  const { body } = resourceDefinition(resource);
  return body.kind === "transformer" ? rootOf(body.parent) : resource;
}

/** Hands the function of a resource the part that it is to read. */
function readOnly(resource: Resource, range: PlainJson): void {
  const { body } = resourceDefinition(resource);
  if (body.kind !== "reader") return;
  const withRange = (context: ReadContext<unknown>): ReadContext<unknown> =>
    // Its state is made when it is asked for, so that its properties are not to be read here.
    Object.defineProperties({} as ReadContext<unknown>, {
      ...Object.getOwnPropertyDescriptors(context),
      partition: { value: range, enumerable: true },
    });
  changeResource(resource, { body: { kind: "reader", read: (context) => body.read(withRange(context)) } });
}
