/** At most three of the candidates that a person may have meant, the nearest first. */
export function nearest(text: string, candidates: readonly string[]): readonly string[] {
  const most = Math.max(2, Math.floor(text.length / 3));
  return candidates
    .map((candidate) => ({ candidate, distance: candidate.includes(text) ? 0 : editDistance(text, candidate) }))
    .filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Characters that are put in, left out or changed. */
function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const changed = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(changed, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}
