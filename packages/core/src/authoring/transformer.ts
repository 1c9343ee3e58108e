import type { Hints } from "../contract/hints.js";
import type { Incremental } from "../contract/incremental.js";
import type { ArgumentList, ReadContext, RowOf, Transformer, WithArguments } from "../contract/resource.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { bindingOf, boundDefinition, type NameOf, provisionalNames } from "./arguments.js";
import { transformerBrand } from "./brand.js";
import { callable } from "./callable.js";
import type { TransformerDefinition } from "./definition.js";
import { checkedHints } from "./merge-hints.js";
import { declaredCursor } from "./resource.js";

type Named<Name extends string, Args extends ArgumentList, Cursor> = Hints & {
  readonly name: NameOf<Args, Name>;
  readonly incremental?: Incremental<Cursor>;
};

type Described<Name extends string, Args extends ArgumentList, Cursor, Row> = Omit<
  Named<Name, Args, Cursor>,
  "columns"
> & { readonly columns: StandardSchemaV1<unknown, Row> };

/**
 * Declares rows that are made from the rows of another resource. `each` is called with a row, or with `by: "page"` with a
 * page, once that resource is piped to it: `issues.pipe(authors)`. It gives rows as the function of a resource does; a single
 * object counts as one row, null and undefined as none. Of functions without parameters that it gives, several run at a time. A
 * cursor is opened once for a run, not for each row: where it starts is the same for all of them.
 *
 * A third parameter of `each` is an object of arguments. Then a factory is made: each call of it gives a transformer, and `name` may
 * be a function of the arguments. With a default value for the parameter it is a transformer, too.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_HINTS_INCONSISTENT`
 */
export function transformer<const Name extends string, Parent, Row, Cursor = never, Args extends ArgumentList = []>(
  hints: Described<Name, Args, Cursor, Row> & { readonly by: "page" },
  each: (page: readonly Parent[], context: ReadContext<Cursor>, ...args: Args) => unknown,
): WithArguments<Args, Transformer<Parent, Row, Name>>;
export function transformer<const Name extends string, Parent, Row, Cursor = never, Args extends ArgumentList = []>(
  hints: Described<Name, Args, Cursor, Row> & { readonly by?: "row" },
  each: (row: Parent, context: ReadContext<Cursor>, ...args: Args) => unknown,
): WithArguments<Args, Transformer<Parent, Row, Name>>;
export function transformer<const Name extends string, Parent, R, Cursor = never, Args extends ArgumentList = []>(
  hints: Named<Name, Args, Cursor> & { readonly by: "page" },
  each: (page: readonly Parent[], context: ReadContext<Cursor>, ...args: Args) => R,
): WithArguments<Args, Transformer<Parent, RowOf<R>, Name>>;
export function transformer<const Name extends string, Parent, R, Cursor = never, Args extends ArgumentList = []>(
  hints: Named<Name, Args, Cursor> & { readonly by?: "row" },
  each: (row: Parent, context: ReadContext<Cursor>, ...args: Args) => R,
): WithArguments<Args, Transformer<Parent, RowOf<R>, Name>>;
export function transformer(
  options: Named<string, [args?: unknown], unknown> & { readonly by?: "row" | "page" },
  each: (rows: never, context: ReadContext<unknown>, args: never) => unknown,
): Transformer<never, unknown> {
  const { name, by = "row", incremental, ...hints } = options;
  const names = provisionalNames({ name });
  if (typeof each !== "function") {
    throw new SourceError(
      "RESOURCE_DATA_UNSUPPORTED",
      `Transformer \`${names.name}\` has no function that takes a row.`,
      { hint: "Give a function as the second argument." },
    );
  }
  const eachWith =
    (args: unknown): TransformerDefinition["each"] =>
    (rows, context) =>
      each(rows, context, args as never);
  return makeTransformer({
    ...names,
    hints: checkedHints({ writeDisposition: "append", ...hints }),
    by,
    steps: declaredCursor(incremental),
    each: eachWith(undefined),
    binding: bindingOf<TransformerDefinition>(
      { name },
      { takes: each, own: 2, bind: (args) => ({ each: eachWith(args) }) },
    ),
  });
}

function makeTransformer(definition: TransformerDefinition): Transformer<never, unknown> {
  const made = callable((args) => makeTransformer(boundDefinition(definition, args)), DeclaredTransformer.prototype);
  made[transformerBrand] = definition;
  return made as unknown as Transformer<never, unknown>;
}

class DeclaredTransformer {
  declare [transformerBrand]: TransformerDefinition;

  get name(): string {
    return this[transformerBrand].name;
  }
}
