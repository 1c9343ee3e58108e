import type { Hints } from "../contract/hints.js";
import type { Incremental } from "../contract/incremental.js";
import type { ReadContext, RowOf, Transformer } from "../contract/resource.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { transformerBrand } from "./brand.js";
import type { TransformerDefinition } from "./definition.js";
import { checkedHints } from "./merge-hints.js";
import { checkedName, declaredCursor } from "./resource.js";

type Described<Row> = Omit<Hints, "columns"> & { readonly columns: StandardSchemaV1<unknown, Row> };

/**
 * Declares rows that are made from the rows of another resource. `each` is called with a row, or with `by: "page"` with a
 * page, once that resource is piped to it: `issues.pipe(authors)`. It gives rows as the function of a resource does; a single
 * object counts as one row, null and undefined as none. A cursor is opened once for a run, not for each row: where it starts is
 * the same for all of them.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_HINTS_INCONSISTENT`
 */
export function transformer<const Name extends string, Parent, Row, Cursor = never>(
  hints: Described<Row> & { readonly name: Name; readonly by: "page"; readonly incremental?: Incremental<Cursor> },
  each: (page: readonly Parent[], context: ReadContext<Cursor>) => unknown,
): Transformer<Parent, Row, Name>;
export function transformer<const Name extends string, Parent, Row, Cursor = never>(
  hints: Described<Row> & { readonly name: Name; readonly by?: "row"; readonly incremental?: Incremental<Cursor> },
  each: (row: Parent, context: ReadContext<Cursor>) => unknown,
): Transformer<Parent, Row, Name>;
export function transformer<const Name extends string, Parent, R, Cursor = never>(
  hints: Hints & { readonly name: Name; readonly by: "page"; readonly incremental?: Incremental<Cursor> },
  each: (page: readonly Parent[], context: ReadContext<Cursor>) => R,
): Transformer<Parent, RowOf<R>, Name>;
export function transformer<const Name extends string, Parent, R, Cursor = never>(
  hints: Hints & { readonly name: Name; readonly by?: "row"; readonly incremental?: Incremental<Cursor> },
  each: (row: Parent, context: ReadContext<Cursor>) => R,
): Transformer<Parent, RowOf<R>, Name>;
export function transformer(
  options: Hints & {
    readonly name: string;
    readonly by?: "row" | "page";
    readonly incremental?: Incremental<unknown>;
  },
  each: (rows: never, context: ReadContext<unknown>) => unknown,
): Transformer<never, unknown> {
  const { name, by = "row", incremental, ...hints } = options;
  if (typeof each !== "function") {
    throw new SourceError("RESOURCE_DATA_UNSUPPORTED", `Transformer \`${name}\` has no function that takes a row.`, {
      hint: "Give a function as the second argument.",
    });
  }
  const definition: TransformerDefinition = {
    name: checkedName(name),
    hints: checkedHints({ writeDisposition: "append", ...hints }),
    by,
    steps: declaredCursor(incremental),
    each,
  };
  return { name, [transformerBrand]: definition } as unknown as Transformer<never, unknown>;
}
