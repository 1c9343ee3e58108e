import { resourceDefinition } from "../authoring/brand.js";
import type { Resource } from "../contract/resource.js";
import { plainEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";
import { plainRows } from "./rows-of.js";

/** The rows of a resource without a run: pages one level flattened, state as it is stored, its changes forgotten. */
export async function* iterateRows(resource: Resource): AsyncGenerator<unknown> {
  const stopped = new AbortController();
  const { source = null } = resourceDefinition(resource);
  try {
    for await (const item of readItems(resource, plainEnvironment(stopped.signal, source))) {
      if (item.kind === "checkpoint") continue;
      // `yield*` would wait three times for each row.
      for (const row of plainRows(item).rows) yield row;
    }
  } finally {
    stopped.abort();
  }
}
