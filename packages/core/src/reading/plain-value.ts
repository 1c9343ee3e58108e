import { plainObjects } from "../json/plain-objects.js";
import type { Float } from "../values/float.js";
import { kindOf } from "../values/value-kind.js";

/** A decoded value as JavaScript usually has it. */
export function plainValue(value: unknown): unknown {
  return plainObjects(value, plainScalar);
}

function plainScalar(value: unknown): unknown {
  return typeof value === "object" && value !== null && kindOf(value) === "float" ? (value as Float).value : value;
}
