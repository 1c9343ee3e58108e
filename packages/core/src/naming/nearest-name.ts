/** Longer names are not compared: the cost is the product of their lengths. */
const maxLength = 200;

/** The known name that takes the fewest edits to get to, at most a third of its letters; `null` when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  let nearest: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const longest = Math.max(candidate.length, name.length);
    if (longest > maxLength) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits > Math.max(1, longest / 3) || edits >= fewest) continue;
    fewest = edits;
    nearest = candidate;
  }
  return nearest;
}

/** Insertions, deletions and substitutions from one text to the other (Wagner and Fischer 1974, one row at a time). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
