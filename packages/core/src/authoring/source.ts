import type { ConfigOf, ConfigSpec } from "../contract/config.js";
import type { LimitOptions, Resource } from "../contract/resource.js";
import type {
  Resources,
  Source,
  SourceContext,
  SourceDeclaration,
  SourceFactory,
  SourceOf,
} from "../contract/source.js";
import { SourceError } from "../errors/index.js";
import { iterateResources } from "../reading/iterate-resources.js";
import { checkCalled } from "./arguments.js";
import { withinScope } from "./author-scope.js";
import { isResource, resourceDefinition, sourceBrand, sourceFactoryBrand } from "./brand.js";
import { cloneResources } from "./clone-resource.js";
import { connectedResources, rootOf } from "./connected-resources.js";
import type { SourceDefinition } from "./definition.js";
import { changeResource } from "./resource.js";
import { lookUpSettings, lookUpSettingsLater } from "./settings.js";
import { type SchemaChange, sourceSchema } from "./source-schema.js";

export interface SourceOptions<Spec extends ConfigSpec> extends SourceDeclaration {
  readonly config?: Spec;
}

/**
 * Declares a source: a function that makes resources from settings and arguments. Settings that are not given are looked up
 * by their names. Each call of the factory makes a source of its own, with copies of the resources.
 */
export function source<
  const R extends readonly Resource[] | Promise<readonly Resource[]>,
  Spec extends ConfigSpec = Record<never, never>,
  Args = void,
>(
  options: SourceOptions<Spec>,
  resources: (config: ConfigOf<Spec>, args: Args, context: SourceContext) => R,
): SourceFactory<Spec, Args, SourceOf<R>> {
  const { config = {} as Spec, ...declaration } = options;
  if (typeof resources !== "function") {
    const { name } = declaration;
    throw new SourceError("SOURCE_RESOURCES_MISSING", `Source \`${name}\` has no function that makes its resources.`, {
      hint: "Give it as the second argument.",
      context: { source: name },
    });
  }
  const make = resources as MakeResources;
  return makeFactory(declaration, config, make) as unknown as SourceFactory<Spec, Args, SourceOf<R>>;
}

type MakeResources = (
  config: unknown,
  args: unknown,
  context: SourceContext,
) => readonly Resource[] | Promise<readonly Resource[]>;

/** A declaration, and the name that its schema document has when that is another. */
type NamedDeclaration = SourceDeclaration & { readonly schemaName?: string };

function makeFactory(declaration: NamedDeclaration, config: ConfigSpec, resources: MakeResources): object {
  const { name, section = name } = declaration;
  const factory = (all: Readonly<Record<string, unknown>> = {}): Source | Promise<Source> => {
    const [given, args] = divide(all, config);
    const request = { owner: `Source \`${name}\``, sections: ["sources", section, name], spec: config, given };
    const schemaChanges: SchemaChange[] = [];
    const context = { schema: sourceSchema(schemaChanges) };
    const makeWith = (settings: unknown) =>
      withinScope({ source: name, resource: null }, () => resources(settings, args, context));
    const made = isAsync(resources) ? lookUpSettingsLater(request).then(makeWith) : makeWith(lookUpSettings(request));
    const complete = { ...declaration, section, schemaChanges };
    return made instanceof Promise ? made.then((list) => assemble(complete, list)) : assemble(complete, made);
  };
  const changed = (changes: Partial<SourceDeclaration>): object => {
    const { schemaName = name, ...before } = { section, ...declaration };
    const keepsSchema = changes.schema === undefined && declaration.schema !== undefined;
    return makeFactory({ ...before, ...changes, ...(keepsSchema && { schemaName }) }, config, resources);
  };
  return Object.assign(factory, { sourceName: name, config, with: changed, [sourceFactoryBrand]: true });
}

/** True for an `async` function, which is told apart before it is called: its settings may come later. */
function isAsync(resources: MakeResources): boolean {
  return Object.prototype.toString.call(resources) === "[object AsyncFunction]";
}

/** Values for settings, and the rest. */
function divide(given: Readonly<Record<string, unknown>>, config: ConfigSpec) {
  const isSetting = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(config, name);
  const entries = Object.entries(given);
  return [
    Object.fromEntries(entries.filter(isSetting)),
    Object.fromEntries(entries.filter((entry) => !isSetting(entry))),
  ] as const;
}

type CompleteDeclaration = NamedDeclaration & {
  readonly section: string;
  readonly schemaChanges: readonly SchemaChange[];
};

function assemble(declaration: CompleteDeclaration, list: readonly Resource[]): Source {
  const { name, parallelized, ...rest } = declaration;
  const copies = cloneResources(checkedResources(name, list));
  const resources = new Map<string, Resource>();
  for (const original of list) {
    const copy = copies.get(original);
    if (copy === undefined) continue;
    if (resources.has(copy.name)) throw duplicate(name, copy.name);
    if (parallelized === true) changeResource(copy, { parallelized });
    resources.set(copy.name, copy);
  }
  takeOver(resources.values(), name);
  return declaredSource({ ...rest, name, resources }, copies);
}

function duplicate(source: string, resource: string): SourceError {
  return new SourceError("RESOURCE_DUPLICATE", `Source \`${source}\` has two resources named \`${resource}\`.`, {
    hint: "Give one of them another name, e.g. by `withName`.",
    context: { source, resource },
  });
}

function checkedResources(name: string, list: unknown): readonly Resource[] {
  if (Array.isArray(list) && list.every(isResource)) {
    list.forEach(checkCalled);
    return list;
  }
  throw new SourceError(
    "SOURCE_RESOURCES_MISSING",
    `The function of source \`${name}\` did not give a list of resources.`,
    {
      hint: "Return an array of what `resource` and `pipe` give.",
      context: { source: name },
    },
  );
}

/** A source with this definition; the resources are those of the definition, not copies. */
export function makeSource(definition: SourceDefinition): Source {
  return declaredSource(definition, new Map());
}

function declaredSource(definition: SourceDefinition, copies: ReadonlyMap<Resource, Resource>): Source {
  // The types of resources, and of rows when it is iterated, are known to the caller only.
  return new DeclaredSource(definition, copies) as unknown as Source;
}

class DeclaredSource implements Pick<Source, "name" | "resources" | "selectedResources"> {
  [sourceBrand]: SourceDefinition;
  /** Copies of resources by what they were made of; what is in this source stands for itself. */
  readonly #copies: Map<Resource, Resource>;

  constructor(definition: SourceDefinition, copies: ReadonlyMap<Resource, Resource>) {
    this[sourceBrand] = definition;
    this.#copies = new Map(copies);
    for (const resource of withParents(definition.resources.values())) this.#copies.set(resource, resource);
  }

  get resources(): Resources {
    return Object.freeze(Object.fromEntries(this[sourceBrand].resources));
  }

  get selectedResources(): Resources {
    return Object.fromEntries([...this[sourceBrand].resources].filter(([, { selected }]) => selected));
  }

  get name(): string {
    return this[sourceBrand].name;
  }

  withResources(...names: readonly string[]): Source {
    const { resources } = this[sourceBrand];
    const chosen = this.#named(names);
    const copies = cloneResources(resources.values());
    const picked = new Map<string, Resource>();
    for (const [name, original] of resources) {
      const copy = copies.get(original);
      if (copy === undefined) continue;
      changeResource(copy, { selected: chosen.has(name) });
      if (chosen.has(name)) picked.set(name, copy);
    }
    return makeSource({ ...this[sourceBrand], resources: picked });
  }

  select(...names: readonly string[]): this {
    const chosen = this.#named(names);
    for (const [name, resource] of this[sourceBrand].resources)
      changeResource(resource, { selected: chosen.has(name) });
    return this;
  }

  addLimit(limit: number | LimitOptions | null): this {
    const selected = [...this[sourceBrand].resources.values()].filter((resource) => resource.selected);
    for (const root of new Set(selected.map(rootOf))) root.addLimit(limit);
    return this;
  }

  add(original: Resource): this {
    const { name, resources } = this[sourceBrand];
    checkedResources(name, [original]);
    if (resources.has(original.name)) throw duplicate(name, original.name);
    const copies = cloneResources([original], this.#copies);
    const copy = copies.get(original) ?? original;
    takeOver([copy], name);
    for (const [from, to] of copies) this.#copies.set(from, to).set(to, to);
    this[sourceBrand] = { ...this[sourceBrand], resources: new Map([...resources, [copy.name, copy]]) };
    return this;
  }

  withName(name: string): Source {
    const { name: before, schemaName = before, ...definition } = this[sourceBrand];
    const copies = cloneResources(definition.resources.values());
    const resources = new Map([...definition.resources].map(([key, each]) => [key, copies.get(each) ?? each]));
    takeOver(resources.values(), name);
    return makeSource({ ...definition, ...(definition.schema !== undefined && { schemaName }), name, resources });
  }

  decompose(strategy: "none" | "scc"): readonly (Source | this)[] {
    if (strategy === "none") return [this];
    return connectedResources(this[sourceBrand].resources.values()).map((names) => this.withResources(...names));
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    const { name, resources } = this[sourceBrand];
    const selected = [...resources.values()].filter((resource) => resource.selected);
    return iterateResources(selected, name);
  }

  #named(names: readonly string[]): ReadonlySet<string> {
    const { name: source, resources } = this[sourceBrand];
    for (const name of names) {
      if (!resources.has(name)) {
        throw new SourceError("RESOURCE_UNKNOWN", `Source \`${source}\` has no resource \`${name}\`.`, {
          hint: `Choose among: ${[...resources.keys()].join(", ")}.`,
          context: { source, resource: name },
        });
      }
    }
    return new Set(names);
  }
}

/** Notes in resources, and in those that feed them, that they belong to a source. */
function takeOver(resources: Iterable<Resource>, source: string): void {
  for (const resource of withParents(resources)) changeResource(resource, { source });
}

/** Resources and all that feed them. */
function* withParents(resources: Iterable<Resource>): Generator<Resource> {
  for (const resource of resources) {
    yield resource;
    const { body } = resourceDefinition(resource);
    if (body.kind === "transformer") yield* withParents([body.parent]);
  }
}
