import { kindOf } from "../values/value-kind.js";
import { isPlainObject } from "./encode.js";

/** Which integers rows hold. */
export interface IntegersSeen {
  /** Integral numbers, which may mean doubles. */
  numbers: boolean;
  /** `bigint`, which say that they are integers. */
  bigints: boolean;
}

/** Notes the integers of a value. Of objects that are neither plain nor values of this library it supposes that they hold numbers. */
export function noteIntegers(value: unknown, seen: IntegersSeen): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0 && !seen.numbers) {
    const part = waiting.pop();
    if (typeof part === "bigint") seen.bigints = true;
    else if (typeof part === "number") seen.numbers = Number.isSafeInteger(part);
    else if (typeof part !== "object" || part === null) continue;
    else if (Array.isArray(part)) for (const element of part as readonly unknown[]) waiting.push(element);
    else if (part instanceof Map) for (const member of part.values()) waiting.push(member);
    else if (isPlainObject(part)) for (const member of Object.values(part)) waiting.push(member);
    else seen.numbers = kindOf(part) === undefined && !(part instanceof Date) && !ArrayBuffer.isView(part);
  }
}
