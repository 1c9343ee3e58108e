import type { Hints } from "../contract/hints.js";
import type { Incremental } from "../contract/incremental.js";
import type {
  ArgumentList,
  ChangedHints,
  LimitOptions,
  Mark,
  PlainJson,
  PlanContext,
  ReadContext,
  Resource,
  RowOf,
  StepPlace,
  Transformer,
  WithArguments,
} from "../contract/resource.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { iterateRows } from "../reading/iterate-rows.js";
import { bindingOf, boundDefinition, checkCalled, checkedName, type NameOf, provisionalNames } from "./arguments.js";
import { type DefinedResource, isTransformer, resourceBrand, transformerDefinition } from "./brand.js";
import { callable } from "./callable.js";
import { changedCursor } from "./change-cursor.js";
import { checkedFunction, checkedNames, checkedObject, checkedPiped, isGeneratorFunction } from "./checked-call.js";
import { renamed } from "./clone-resource.js";
import type { ResourceDefinition, Step } from "./definition.js";
import { incrementalDefinition } from "./incremental.js";
import { limitStep } from "./limit.js";
import { checkedHints, checkedVariant, mergeHints, variantHints } from "./merge-hints.js";
import { withoutStep, withStep, withStepAt } from "./steps.js";

type Named<Name extends string, Args extends ArgumentList = []> = Hints & {
  readonly name: NameOf<Args, Name>;
  readonly section?: NameOf<Args, string>;
};

/** How a resource is read beside its hints. */
interface Reading<Cursor, Part> {
  readonly incremental?: Incremental<Cursor>;
  /**
   * Says in which parts the resource can be read, each in a process or on a machine of its own: JSON values, of which the function
   * gets one as `partition`. Together they are all rows, without overlap, in this order. Asked by `pipeline.plan`. Arguments come
   * second, as in the function that reads.
   */
  readonly partitions?: (context: PlanContext<Cursor>, args: never) => readonly Part[] | Promise<readonly Part[]>;
}

/**
 * Declares rows of one kind: where they go (hints) and a function that reads them. The function gives rows or pages of rows
 * (arrays), at once, as an (async) iterable, or as a promise; usually it is an async generator that yields pages. It runs
 * when the pipeline runs.
 *
 * A second parameter of the function is an object of arguments. Then a factory is made: each call of it gives a resource, and
 * `name` and `section` may be functions of the arguments. With a default value for the parameter it is a resource, too.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_HINTS_INCONSISTENT`
 */
export function resource<
  const Name extends string,
  Row,
  Cursor = never,
  Args extends ArgumentList = [],
  Part extends PlainJson = never,
>(
  hints: Omit<Named<Name, Args>, "columns"> &
    Reading<Cursor, Part> & { readonly columns: StandardSchemaV1<unknown, Row> },
  read: (context: ReadContext<Cursor, Part>, ...args: Args) => unknown,
): WithArguments<Args, Resource<Row, Name>>;
export function resource<
  const Name extends string,
  R,
  Cursor = never,
  Args extends ArgumentList = [],
  Part extends PlainJson = never,
>(
  hints: Named<Name, Args> & Reading<Cursor, Part>,
  read: (context: ReadContext<Cursor, Part>, ...args: Args) => R,
): WithArguments<Args, Resource<RowOf<R>, Name>>;
export function resource(
  options: Named<string, [args?: unknown]> & Reading<unknown, unknown>,
  read: (context: ReadContext<unknown, unknown>, args: never) => unknown,
): Resource {
  const { name, section, incremental, partitions, ...hints } = options;
  const names = provisionalNames({ name, section });
  if (typeof read !== "function") {
    throw new SourceError(
      "RESOURCE_DATA_UNSUPPORTED",
      `Resource \`${names.name}\` has no function that reads its rows.`,
      { hint: "Give a function as the second argument; rows that exist already can be given to `run` directly." },
    );
  }
  const reading = (args: unknown): Pick<ResourceDefinition, "body" | "partitions"> => ({
    body: { kind: "reader", read: (context) => read(context, args as never) },
    ...(partitions !== undefined && { partitions: (context) => partitions(context, args as never) }),
  });
  return makeResource({
    ...names,
    hints: checkedHints({ writeDisposition: "append", ...hints }),
    variants: new Map(),
    steps: declaredCursor(incremental),
    selected: hints.selected ?? true,
    parallelized: hints.parallelized ?? false,
    ...reading(undefined),
    binding: bindingOf<ResourceDefinition>({ name, section }, { takes: read, own: 1, bind: reading }),
  });
}

/** A resource with this definition. */
export function makeResource(definition: ResourceDefinition): Resource {
  const made: DeclaredResource = callable(
    (args) => makeResource(boundDefinition(made[resourceBrand], args)),
    DeclaredResource.prototype,
  );
  made[resourceBrand] = definition;
  return made;
}

/** Gives a resource another definition. */
export function changeResource(resource: Resource, change: Partial<ResourceDefinition>): void {
  const declared = resource as unknown as DefinedResource;
  declared[resourceBrand] = { ...declared[resourceBrand], ...change };
}

/** The steps that a resource begins with. */
export function declaredCursor(incremental: Incremental<unknown> | undefined): readonly Step[] {
  if (incremental === undefined) return [];
  return [{ kind: "incremental", cursor: incrementalDefinition(incremental), fixed: [] }];
}

function withAdded<Row>(resource: DeclaredResource, step: Step, place?: StepPlace): Resource<Row> {
  const definition = resource[resourceBrand];
  changeResource(
    resource,
    place === undefined ? { steps: withStep(definition.steps, step) } : withStepAt(definition, step, place.insertAt),
  );
  return resource as Resource as Resource<Row>;
}

class DeclaredResource implements Resource<unknown, string>, DefinedResource {
  declare [resourceBrand]: ResourceDefinition;

  get name(): string {
    return this[resourceBrand].name;
  }

  get selected(): boolean {
    return this[resourceBrand].selected;
  }

  get hints(): Hints {
    return this[resourceBrand].hints ?? {};
  }

  addMap<Row>(map: (row: never, mark?: Mark) => unknown, place?: StepPlace): Resource<Row> {
    return withAdded(this, { kind: "map", map: checkedFunction(map, "addMap", this.name) }, place);
  }

  addFilter<Row>(keep: (row: never, mark?: Mark) => boolean | Promise<boolean>, place?: StepPlace): Resource<Row> {
    return withAdded(this, { kind: "filter", keep: checkedFunction(keep, "addFilter", this.name) }, place);
  }

  addYieldMap<Row>(
    map: (row: never, mark?: Mark) => Iterable<unknown> | AsyncIterable<unknown>,
    place?: StepPlace,
  ): Resource<Row> {
    return withAdded(this, { kind: "yieldMap", map: checkedFunction(map, "addYieldMap", this.name) }, place);
  }

  addMetrics(
    collect: (rows: readonly never[], metrics: Record<string, unknown>, mark?: Mark) => void | Promise<void>,
    place?: StepPlace,
  ): Resource {
    return withAdded(this, { kind: "metrics", collect: checkedFunction(collect, "addMetrics", this.name) }, place);
  }

  selectTables(...names: readonly string[]): Resource {
    return withAdded(this, { kind: "tables", names: new Set(checkedNames(names, "selectTables", this.name)) });
  }

  addLimit(limit: number | LimitOptions | null): Resource {
    const { body, name, steps } = this[resourceBrand];
    if (body.kind === "transformer") {
      throw new SourceError(
        "RESOURCE_OPTION_INVALID",
        `\`${name}\` is a transformer: its rows end when those of \`${body.parent.name}\` do.`,
        {
          hint: `Call \`addLimit\` of \`${body.parent.name}\`.`,
          context: { resource: name },
        },
      );
    }
    changeResource(this, {
      steps: limit === null ? withoutStep(steps, "limit") : withStep(steps, limitStep(limit, name)),
    });
    return this;
  }

  applyHints<Row>(given: ChangedHints): Resource<Row> {
    const { incremental, createTableVariant = false, ...hints } = checkedObject(given, "applyHints", this.name);
    const { hints: current, variants, selected, parallelized } = this[resourceBrand];
    if (createTableVariant) {
      const { tableName } = checkedVariant({ ...hints, incremental });
      const variant = variantHints(variants.get(tableName) ?? current, hints);
      changeResource(this, { variants: new Map([...variants, [tableName, variant]]) });
      return this as Resource<unknown> as Resource<Row>;
    }
    const merged = Object.keys(hints).length === 0 ? current : mergeHints(current, hints);
    changeResource(this, {
      ...(incremental !== undefined && changedCursor(this[resourceBrand], incremental)),
      hints: merged,
      selected: hints.selected ?? selected,
      parallelized: hints.parallelized ?? parallelized,
    });
    return this as Resource<unknown> as Resource<Row>;
  }

  withName<const Renamed extends string>(name: Renamed): Resource<unknown, Renamed> {
    return renamed(this, checkedName(name)) as Resource<unknown, Renamed>;
  }

  pipe(next: Transformer<unknown, unknown> | ((row: never, mark?: Mark) => unknown)): Resource {
    checkCalled(this);
    checkCalled(next);
    if (!isTransformer(next)) {
      const map = checkedPiped(next, this.name);
      return isGeneratorFunction(map) ? this.addYieldMap(map as () => Iterable<unknown>) : this.addMap(map);
    }
    const { name, hints, by, steps, each } = transformerDefinition(next);
    return makeResource({
      name,
      hints,
      variants: new Map(),
      body: { kind: "transformer", parent: this, by, each },
      steps,
      selected: hints.selected ?? true,
      parallelized: hints.parallelized ?? false,
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return iterateRows(this);
  }
}
