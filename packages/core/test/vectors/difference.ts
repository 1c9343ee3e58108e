import { isDeepStrictEqual } from "node:util";

/** What failed, in text that can be read: the message of the check, then where the outcome differs and how. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("expected" in error && "actual" in error)) return `${error.name}: ${error.message}`;
  // Messages of the checks go before a colon; what follows them is shortened.
  const told = /^([\s\S]*?): expected /.exec(error.message)?.[1];
  const differences = differencesOf(error.actual, error.expected, "").slice(0, mostDifferences);
  return [...(told === undefined ? [] : [told]), ...(differences.length === 0 ? [error.message] : differences)].join(
    "; ",
  );
}

const mostDifferences = 8;

/** Every place, such as `columns[1].nullable`, that has one value and should have another. */
function differencesOf(actual: unknown, expected: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  if (typeof actual === "string" && typeof expected === "string") return textDifference(actual, expected, path);
  const members = [membersOf(actual), membersOf(expected)] as const;
  if (members[0] === null || members[1] === null || Array.isArray(actual) !== Array.isArray(expected))
    return [`${path === "" ? "" : `${path}: `}expected ${written(expected)}, got ${written(actual)}`];
  const [got, wanted] = members;
  const keys = new Set([...wanted.keys(), ...got.keys()]);
  const found = [...keys].flatMap((key) => {
    const at = Array.isArray(expected) ? `${path}[${key}]` : `${path}${path === "" ? "" : "."}${key}`;
    if (!wanted.has(key)) return [`${at}: expected nothing, got ${written(got.get(key))}`];
    if (!got.has(key)) return [`${at}: expected ${written(wanted.get(key))}, got nothing`];
    return differencesOf(got.get(key), wanted.get(key), at);
  });
  return found.length > 0 ? found : [`${path}: other order of keys, or another class`];
}

/** Long texts from shortly before the place where they part. */
function textDifference(actual: string, expected: string, path: string): readonly string[] {
  let same = 0;
  while (same < expected.length && actual[same] === expected[same]) same++;
  const start = Math.max(actual.length, expected.length) <= longest ? 0 : Math.max(0, same - 60);
  const [wanted, got] = [expected, actual].map((text) => (start === 0 ? "" : "…") + written(text.slice(start)));
  return [`${path === "" ? "" : `${path}: `}expected ${wanted}, got ${got}`];
}

function membersOf(value: unknown): ReadonlyMap<unknown, unknown> | null {
  if (value instanceof Map) return value;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return null;
  return new Map<unknown, unknown>(Object.entries(value));
}

function written(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === "bigint") return `${member}n`;
    if (typeof member === "number" && !Number.isFinite(member)) return `${member}`;
    return member instanceof Map ? [...member] : member;
  });
  if (text === undefined) return String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

const longest = 400;
