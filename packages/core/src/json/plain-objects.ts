import { setOwnMember } from "../values/own-member.js";
import { isPlainObject } from "./encode.js";

/**
 * A copy of a value with plain objects in place of maps, and with everything changed that is neither array, map nor plain object.
 * Depth does not use up the stack.
 */
export function plainObjects(value: unknown, change: (scalar: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null) return change(value);
  const waiting: (() => void)[] = [];
  const result = plainPart(value, change, waiting);
  for (let fill = waiting.pop(); fill !== undefined; fill = waiting.pop()) fill();
  return result;
}

/** The part itself, or a container that is filled once it is its turn. */
function plainPart(part: unknown, change: (scalar: unknown) => unknown, waiting: (() => void)[]): unknown {
  if (typeof part !== "object" || part === null) return change(part);
  if (Array.isArray(part)) {
    const list: unknown[] = [];
    waiting.push(() => {
      for (const element of part as readonly unknown[]) list.push(plainPart(element, change, waiting));
    });
    return list;
  }
  if (part instanceof Map || isPlainObject(part)) {
    const members = part instanceof Map ? (part as ReadonlyMap<string, unknown>) : Object.entries(part);
    const object: Record<string, unknown> = {};
    waiting.push(() => {
      for (const [key, member] of members) setOwnMember(object, key, plainPart(member, change, waiting));
    });
    return object;
  }
  return change(part);
}
