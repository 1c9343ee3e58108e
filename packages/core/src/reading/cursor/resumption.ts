import type { IncrementalDefinition } from "../../authoring/definition.js";
import { hasLag } from "./lag.js";

/**
 * Whether a resource with this cursor can go on in the middle of its rows: behind any page (`by cursor`), where its function says
 * so (`by function`), or not at all, with the reason.
 *
 * The next run reads from the last value on and drops what is before it. So the last value has to be that of the last page, and
 * later rows with the same value must neither be dropped nor be loaded twice.
 */
export function resumption(cursor: IncrementalDefinition): "by cursor" | "by function" | { readonly reason: string } {
  const { cursorPath, rowOrder, lastValueFunc, rangeStart, primaryKey, endValue, onCursorValueMissing } = cursor;
  // The range stays as it is, whatever was read of it.
  if (endValue !== undefined) return "by function";
  const reason = (text: string) => ({ reason: `its cursor \`${cursorPath}\` ${text}` });
  if (typeof lastValueFunc === "function") return reason("has a `lastValueFunc` of its own");
  if (rowOrder !== "asc") return reason('has no `rowOrder: "asc"`');
  // Such rows come again whenever the resource is read.
  if (onCursorValueMissing === "include") return reason("lets in rows without a value");
  if (hasLag(cursor)) return reason("has a lag");
  if (rangeStart === "open" || (Array.isArray(primaryKey) && primaryKey.length === 0))
    return reason("does not tell apart rows that have the same value");
  return "by cursor";
}
