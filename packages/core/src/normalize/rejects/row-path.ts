import type { PlanField } from "../plan.js";

/** A step from a row to an element of one of its lists: the field of the list, and the place in it. */
export interface ListStep {
  readonly list: PlanField;
  readonly index: number;
  /** The step before; `null` for one from the row that is read. */
  readonly before: ListStep | null;
}

/**
 * The path to a row as JSONPath (RFC 9535), with the keys of the data: `$.lines[2]`, `$["unit price"][0][1]`. `from` is that of the row
 * that the steps start at.
 */
export function rowPath(from: string, last: ListStep | null): string {
  const parts: string[] = [];
  for (let step = last; step !== null; step = step.before) parts.push(`${fieldPath(step.list)}[${step.index}]`);
  return `${from}${parts.reverse().join("")}`;
}

/** The keys from the row that has a field to the field. */
function fieldPath(field: PlanField): string {
  // The elements of a list in a list stand for themselves: the key `list` is the normalizer's own.
  if (field.node.isInnerList) return "";
  const { via } = field.node;
  return `${via === null ? "" : fieldPath(via)}${keyPath(field.key)}`;
}

function keyPath(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
