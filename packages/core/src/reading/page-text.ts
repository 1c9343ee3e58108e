import type { JsonText } from "../contract/batch.js";
import { parsedRows } from "./rows-of.js";

// Pages of another installed copy of this package carry the same symbol.
const textBrand: unique symbol = Symbol.for("dlt.pageText");
type Remembering = { readonly [textBrand]?: () => JsonText | null };

/**
 * Lets a page remember the JSON text that its rows were parsed from. As long as they are what the text says, the text is loaded in their
 * place, in which integral floats are apart from integers. `text` is called when the page is written.
 */
export function rememberText<const Rows extends readonly unknown[]>(page: Rows, text: () => JsonText | null): Rows {
  return Object.defineProperty(page, textBrand, { value: text, configurable: true });
}

/** The text of a page; `null` when it remembers none, and when something in it was changed. */
export function unchangedText(page: readonly unknown[]): JsonText | null {
  const text = (page as Remembering)[textBrand]?.() ?? null;
  return text !== null && isSame(page, parsedRows(text), maxDepth) ? text : null;
}

/** Deeper pages count as changed, so that depth does not use up the stack. */
const maxDepth = 200;

/** True for a value that is still as it was parsed. */
function isSame(value: unknown, parsed: unknown, depth: number): boolean {
  if (value === parsed) return true;
  if (typeof value !== "object" || typeof parsed !== "object" || value === null || parsed === null || depth === 0)
    return false;
  if (Array.isArray(parsed)) {
    if (!Array.isArray(value) || value.length !== parsed.length) return false;
    for (let i = 0; i < parsed.length; i++) if (!isSame(value[i], parsed[i], depth - 1)) return false;
    return true;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let surplus = 0;
  for (const _ in value) surplus++;
  for (const key in parsed) {
    if (!Object.hasOwn(value, key) || !isSame(member(value, key), member(parsed, key), depth - 1)) return false;
    surplus--;
  }
  return surplus === 0;
}

function member(object: object, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key];
}
