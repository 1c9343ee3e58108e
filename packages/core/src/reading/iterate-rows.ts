import type { Resource } from "../contract/resource.js";
import { plainEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";
import { plainRows } from "./rows-of.js";

/** The rows of a resource without a pipeline: pages one level flattened, state empty at first and forgotten. */
export async function* iterateRows(resource: Resource): AsyncGenerator<unknown> {
  const stopped = new AbortController();
  try {
    for await (const item of readItems(resource, plainEnvironment(stopped.signal))) {
      if (item.kind === "checkpoint") continue;
      // `yield*` would wait three times for each row.
      for (const row of plainRows(item).rows) yield row;
    }
  } finally {
    stopped.abort();
  }
}
