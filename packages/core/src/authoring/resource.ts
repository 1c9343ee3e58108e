import type { Hints } from "../contract/hints.js";
import type { Incremental, IncrementalHint } from "../contract/incremental.js";
import type {
  LimitOptions,
  PlainJson,
  PlanContext,
  ReadContext,
  Resource,
  RowOf,
  Transformer,
} from "../contract/resource.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { iterateRows } from "../reading/iterate-rows.js";
import { type DefinedResource, resourceBrand, transformerDefinition } from "./brand.js";
import { changedCursor } from "./change-cursor.js";
import { renamed } from "./clone-resource.js";
import type { ResourceDefinition, Step } from "./definition.js";
import { incrementalDefinition } from "./incremental.js";
import { checkedHints, mergeHints } from "./merge-hints.js";
import { limitStep, withStep } from "./steps.js";

type Named<Name> = Hints & { readonly name: Name; readonly section?: string };

/** How a resource is read beside its hints. */
interface Reading<Cursor, Part> {
  readonly incremental?: Incremental<Cursor>;
  /**
   * Says in which parts the resource can be read, each in a process or on a machine of its own: JSON values, of which the function
   * gets one as `partition`. Together they are all rows, without overlap, in this order. Asked by `pipeline.plan`.
   */
  readonly partitions?: (context: PlanContext<Cursor>) => readonly Part[] | Promise<readonly Part[]>;
}

/**
 * Declares rows of one kind: where they go (hints) and a function that reads them. The function gives rows or pages of rows
 * (arrays), at once, as an (async) iterable, or as a promise; usually it is an async generator that yields pages. It runs
 * when the pipeline runs.
 *
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_HINTS_INCONSISTENT`
 */
export function resource<const Name extends string, Row, Cursor = never, Part extends PlainJson = never>(
  hints: Omit<Named<Name>, "columns"> & Reading<Cursor, Part> & { readonly columns: StandardSchemaV1<unknown, Row> },
  read: (context: ReadContext<Cursor, Part>) => unknown,
): Resource<Row, Name>;
export function resource<const Name extends string, R, Cursor = never, Part extends PlainJson = never>(
  hints: Named<Name> & Reading<Cursor, Part>,
  read: (context: ReadContext<Cursor, Part>) => R,
): Resource<RowOf<R>, Name>;
export function resource(
  options: Named<string> & Reading<unknown, unknown>,
  read: (context: ReadContext<unknown, unknown>) => unknown,
): Resource {
  const { name, section, incremental, partitions, ...hints } = options;
  if (typeof read !== "function") {
    throw new SourceError("RESOURCE_DATA_UNSUPPORTED", `Resource \`${name}\` has no function that reads its rows.`, {
      hint: "Give a function as the second argument; rows that exist already can be given to `run` directly.",
    });
  }
  return makeResource({
    name: checkedName(name),
    ...(section !== undefined && { section }),
    hints: checkedHints({ writeDisposition: "append", ...hints }),
    variants: new Map(),
    body: { kind: "reader", read },
    steps: declaredCursor(incremental),
    selected: hints.selected ?? true,
    parallelized: hints.parallelized ?? false,
    ...(partitions !== undefined && { partitions }),
  });
}

export function checkedName(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw new SourceError("RESOURCE_NAME_MISSING", "A resource has no name.", {
    hint: "Give `name`: it is the default name of the table, and the key of the saved state.",
  });
}

/** A resource with this definition. */
export function makeResource(definition: ResourceDefinition): Resource {
  return new DeclaredResource(definition);
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

class DeclaredResource implements Resource<unknown, string>, DefinedResource {
  [resourceBrand]: ResourceDefinition;

  constructor(definition: ResourceDefinition) {
    this[resourceBrand] = definition;
  }

  get name(): string {
    return this[resourceBrand].name;
  }

  get selected(): boolean {
    return this[resourceBrand].selected;
  }

  addMap<Next>(map: (row: unknown) => Next | Promise<Next>): Resource<Awaited<Next>> {
    return this.#with({ kind: "map", map });
  }

  addFilter<Next>(keep: (row: unknown) => row is Next): Resource<Next>;
  addFilter(keep: (row: unknown) => boolean): Resource;
  addFilter(keep: (row: unknown) => boolean): Resource {
    return this.#with({ kind: "filter", keep });
  }

  addYieldMap<Next>(map: (row: unknown) => Iterable<Next> | AsyncIterable<Next>): Resource<Next> {
    return this.#with({ kind: "yieldMap", map });
  }

  addLimit(limit: number | LimitOptions): Resource {
    const { body, name } = this[resourceBrand];
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
    return this.#with(limitStep(limit));
  }

  applyHints<Row>(given: Hints & { readonly incremental?: IncrementalHint }): Resource<Row> {
    const { incremental, ...hints } = given;
    const { hints: current, selected, parallelized } = this[resourceBrand];
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

  pipe<Out, Piped extends string>(next: Transformer<unknown, Out, Piped>): Resource<Out, Piped> {
    const { name, hints, by, steps, each } = transformerDefinition(next);
    return makeResource({
      name,
      hints,
      variants: new Map(),
      body: { kind: "transformer", parent: this, by, each },
      steps,
      selected: hints.selected ?? true,
      parallelized: hints.parallelized ?? false,
    }) as Resource<Out, Piped>;
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return iterateRows(this);
  }

  #with<Row>(step: Step): Resource<Row> {
    changeResource(this, { steps: withStep(this[resourceBrand].steps, step) });
    return this as Resource<unknown> as Resource<Row>;
  }
}
