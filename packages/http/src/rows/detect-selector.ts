/** Names of members that usually hold the rows. */
const usualNames: ReadonlySet<string> = new Set([
  ...["data", "items", "results", "entries", "records", "rows"],
  ...["entities", "payload", "content", "objects", "values"],
]);

/** Lists are looked for so many members deep. */
const deepest = 3;

/**
 * Finds where the rows of an answer are: the first list whose name is a usual one, otherwise the first list, otherwise the whole.
 * `{ "meta": { "tags": [] }, "results": [] }` → `["results"]`.
 */
export function detectSelector(json: unknown): readonly string[] {
  const lists: (readonly string[])[] = [];
  collectLists(json, [], lists);
  return lists.find((path) => usualNames.has(path.at(-1) ?? "")) ?? lists[0] ?? [];
}

function collectLists(value: unknown, path: readonly string[], lists: (readonly string[])[]): void {
  if (path.length === deepest || typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (Array.isArray(member)) lists.push([...path, key]);
    else collectLists(member, [...path, key], lists);
  }
}
