import { editDistance } from "@dlt/core/engine";

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
