import { isPlainObject } from "../json/encode.js";
import type { Float } from "../values/float.js";
import { setOwnMember } from "../values/own-member.js";
import { kindOf } from "../values/value-kind.js";

/** A decoded value as JavaScript usually has it. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  // Containers wait on a list, so that depth does not use up the stack.
  const waiting: (() => void)[] = [];
  const result = plainPart(value, waiting);
  for (let fill = waiting.pop(); fill !== undefined; fill = waiting.pop()) fill();
  return result;
}

/** The part itself, or a container that is filled once it is its turn. */
function plainPart(part: unknown, waiting: (() => void)[]): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) {
    const list: unknown[] = [];
    waiting.push(() => {
      for (const element of part as readonly unknown[]) list.push(plainPart(element, waiting));
    });
    return list;
  }
  if (part instanceof Map || isPlainObject(part)) {
    const members = part instanceof Map ? (part as ReadonlyMap<string, unknown>) : Object.entries(part);
    const object: Record<string, unknown> = {};
    waiting.push(() => {
      for (const [key, member] of members) setOwnMember(object, key, plainPart(member, waiting));
    });
    return object;
  }
  return kindOf(part) === "float" ? (part as Float).value : part;
}
