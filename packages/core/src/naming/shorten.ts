import { digestText } from "../hash/digest.js";

/** Length of the tag in a shortened name; no limit can be less. */
export const tagLength = 6;

/**
 * Cuts a name that is longer than `maxLength` code points: its beginning, a tag of six characters, its end. The tag is a hash of
 * `source`, the name before it was normalized, so that names that begin and end alike stay apart.
 */
export function shortenName(name: string, source: string, maxLength: number | null): string {
  if (maxLength === null || name.length <= maxLength) return name;
  const points = [...name];
  if (points.length <= maxLength) return name;
  const kept = maxLength - tagLength;
  const head = Math.ceil(kept / 2);
  return points.slice(0, head).join("") + nameTag(source) + points.slice(points.length - (kept - head)).join("");
}

/** Six lower-case characters that a text is known by: four bytes of its SHAKE-128 as Base64, `/` as `a` and `+` as `b`. */
export function nameTag(source: string): string {
  return digestText(source, 4).replaceAll("/", "a").replaceAll("+", "b").toLowerCase();
}
