import type { Condition, Literal, Operator, Segment } from "./segment.js";

/** A value that a path leads to, and how it was reached. */
interface Found {
  readonly value: unknown;
  readonly parent: Found | null;
}

/** All values at a path, in the order of the document. A member that is `null` is a value. */
export function findValues(root: unknown, segments: readonly Segment[]): readonly unknown[] {
  return found({ value: root, parent: null }, segments).map(({ value }) => value);
}

/** A member of an object; undefined when there is none. */
export function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function found(root: Found, segments: readonly Segment[]): readonly Found[] {
  let reached: readonly Found[] = [root];
  for (const segment of segments) {
    const next: Found[] = [];
    for (const from of reached) step(from, segment, next);
    reached = next;
  }
  return reached;
}

function step(from: Found, segment: Segment, into: Found[]): void {
  const { value } = from;
  const reach = (below: unknown): void => void into.push({ value: below, parent: from });
  switch (segment.kind) {
    case "fields":
      if (isObject(value)) for (const name of segment.names) if (Object.hasOwn(value, name)) reach(value[name]);
      return;
    case "anyField":
      if (isObject(value)) for (const member of Object.values(value)) reach(member);
      return;
    case "indexes":
      if (!Array.isArray(value)) return;
      for (const index of segment.indexes) {
        const at = index < 0 ? value.length + index : index;
        if (at >= 0 && at < value.length) reach(value[at]);
      }
      return;
    case "slice": {
      const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
      const { start, end, step: stride } = segment;
      const taken = elements.slice(start ?? 0, end ?? elements.length);
      for (let at = 0; at < taken.length; at += stride) {
        // What counts as a list of one is where it was.
        if (taken[at] === value) into.push(from);
        else reach(taken[at]);
      }
      return;
    }
    case "descend":
      descend(from, into);
      return;
    case "filter":
      for (const element of below(value)) if (segment.conditions.every((each) => holds(each, element))) reach(element);
      return;
    case "length":
      if (typeof value === "string" || Array.isArray(value)) reach(value.length);
      else if (isObject(value)) reach(Object.keys(value).length);
      return;
    case "parent":
      if (from.parent !== null) into.push(from.parent);
  }
}

/** The value and all that is below it, in the order of the document. Depth does not use up the stack. */
function descend(from: Found, into: Found[]): void {
  const waiting: Found[] = [from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    into.push(next);
    const values = below(next.value);
    for (let i = values.length - 1; i >= 0; i--) waiting.push({ value: values[i], parent: next });
  }
}

function below(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
}

function holds({ path, operator, value }: Condition, element: unknown): boolean {
  const values = findValues(element, path);
  return operator === null ? values.length > 0 : values.some((each) => compares(each, operator, value));
}

function compares(left: unknown, operator: Operator, right: Literal): boolean {
  if (operator === "=~") return typeof left === "string" && new RegExp(`^(?:${right})`).test(left);
  const value = comparable(left, right);
  if (operator === "==" || operator === "!=") return (value === right) === (operator === "==");
  if (typeof right === "string" ? typeof value !== "string" : typeof value !== "number" || typeof right !== "number")
    return false;
  const ordered = value as string | number;
  const bound = right as string | number;
  switch (operator) {
    case "<":
      return ordered < bound;
    case "<=":
      return ordered <= bound;
    case ">":
      return ordered > bound;
    case ">=":
      return ordered >= bound;
  }
}

/** Beside a number, text of a number and an integer beyond 2^53 are numbers. */
function comparable(value: unknown, beside: Literal): unknown {
  if (typeof beside !== "number") return value;
  const isNumberLike = typeof value === "bigint" || (typeof value === "string" && value.trim() !== "");
  return isNumberLike ? Number(value) : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
