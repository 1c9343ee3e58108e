import type { DataValue } from "../values/data-value.js";

/** A copy of a value with everything changed that is neither array nor map; keys stay. */
export function mapScalars(value: DataValue, change: (scalar: DataValue) => DataValue): DataValue {
  // Containers wait on a list, so that depth does not use up the stack.
  const waiting: (() => void)[] = [];
  const changed = (part: DataValue): DataValue => {
    if (Array.isArray(part)) {
      const list: DataValue[] = [];
      waiting.push(() => {
        for (const element of part as readonly DataValue[]) list.push(changed(element));
      });
      return list;
    }
    if (part instanceof Map) {
      const map = new Map<string, DataValue>();
      waiting.push(() => {
        for (const [key, member] of part as ReadonlyMap<string, DataValue>) map.set(key, changed(member));
      });
      return map;
    }
    return change(part);
  };
  const result = changed(value);
  for (let fill = waiting.pop(); fill !== undefined; fill = waiting.pop()) fill();
  return result;
}
