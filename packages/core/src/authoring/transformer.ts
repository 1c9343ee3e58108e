import type { Hints } from "../contract/hints.js";
import type { ReadContext, RowOf, Transformer } from "../contract/resource.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { transformerBrand } from "./brand.js";
import type { TransformerDefinition } from "./definition.js";
import { checkedHints } from "./merge-hints.js";
import { checkedName } from "./resource.js";

type Described<Row> = Omit<Hints, "columns"> & { readonly columns: StandardSchemaV1<unknown, Row> };

/**
 * Declares rows that are made from the rows of another resource. `each` is called with a row, or with `by: "page"` with a
 * page, once that resource is piped to it: `issues.pipe(authors)`. It gives rows as the function of a resource does; a single
 * object counts as one row, null and undefined as none.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_HINTS_INCONSISTENT`
 */
export function transformer<const Name extends string, Parent, Row>(
  hints: Described<Row> & { readonly name: Name; readonly by: "page" },
  each: (page: readonly Parent[], context: ReadContext) => unknown,
): Transformer<Parent, Row, Name>;
export function transformer<const Name extends string, Parent, Row>(
  hints: Described<Row> & { readonly name: Name; readonly by?: "row" },
  each: (row: Parent, context: ReadContext) => unknown,
): Transformer<Parent, Row, Name>;
export function transformer<const Name extends string, Parent, R>(
  hints: Hints & { readonly name: Name; readonly by: "page" },
  each: (page: readonly Parent[], context: ReadContext) => R,
): Transformer<Parent, RowOf<R>, Name>;
export function transformer<const Name extends string, Parent, R>(
  hints: Hints & { readonly name: Name; readonly by?: "row" },
  each: (row: Parent, context: ReadContext) => R,
): Transformer<Parent, RowOf<R>, Name>;
export function transformer(
  options: Hints & { readonly name: string; readonly by?: "row" | "page" },
  each: (rows: never, context: ReadContext) => unknown,
): Transformer<never, unknown> {
  const { name, by = "row", ...hints } = options;
  if (typeof each !== "function") {
    throw new SourceError("RESOURCE_DATA_UNSUPPORTED", `Transformer \`${name}\` has no function that takes a row.`, {
      hint: "Give a function as the second argument.",
    });
  }
  const definition: TransformerDefinition = {
    name: checkedName(name),
    hints: checkedHints({ writeDisposition: "append", ...hints }),
    by,
    each,
  };
  return { name, [transformerBrand]: definition } as unknown as Transformer<never, unknown>;
}
