import type { ConfigOf, ConfigSpec } from "../contract/config.js";
import type { SchemaContractHint } from "../contract/hints.js";
import type { Resource } from "../contract/resource.js";
import type { Resources, Source, SourceContext, SourceFactory, SourceOf } from "../contract/source.js";
import { SourceError } from "../errors/index.js";
import { withinScope } from "./author-scope.js";
import { isResource, resourceDefinition, sourceBrand, sourceFactoryBrand } from "./brand.js";
import { cloneResources } from "./clone-resource.js";
import type { SourceDefinition } from "./definition.js";
import { changeResource } from "./resource.js";
import { lookUpSettings } from "./settings.js";
import { type SchemaChange, sourceSchema } from "./source-schema.js";

export interface SourceOptions<Spec extends ConfigSpec> {
  /** Also the name of the schema, and of the source's part of the state: a word of letters, digits and `_`. */
  readonly name: string;
  /** Settings are looked up below `sources.<section>.<name>`. Default: the name. */
  readonly section?: string;
  readonly config?: Spec;
  /**
   * A stored schema document to start from: an object as JSON gives it, or the URL of a YAML or JSON file, such as
   * `new URL("./shop.schema.yaml", import.meta.url)` for one beside the module. Its name is that of the source.
   */
  readonly schema?: object | URL;
  /** How deep nested values become tables of their own, for resources that do not say. */
  readonly maxTableNesting?: number;
  /** Gives nested rows the id of their root row. Default: where merging needs it. */
  readonly rootKey?: boolean;
  readonly schemaContract?: SchemaContractHint;
  /** Lets every resource work on several items at a time. Default: false. */
  readonly parallelized?: boolean;
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
  const { name, section = name, config = {} as Spec } = options;
  const factory = (all: Readonly<Record<string, unknown>> = {}): Source | Promise<Source> => {
    const [given, args] = divide(all, config);
    const settings = lookUpSettings({
      owner: `Source \`${name}\``,
      sections: ["sources", section, name],
      spec: config,
      given,
    });
    const schemaChanges: SchemaChange[] = [];
    const context = { schema: sourceSchema(schemaChanges) };
    const make = () => resources(settings as ConfigOf<Spec>, args as Args, context);
    const made = withinScope({ source: name, resource: null }, make);
    const complete = { ...options, section, schemaChanges };
    return made instanceof Promise ? made.then((list) => assemble(complete, list)) : assemble(complete, made);
  };
  return Object.assign(factory, { sourceName: name, config, [sourceFactoryBrand]: true }) as unknown as SourceFactory<
    Spec,
    Args,
    SourceOf<R>
  >;
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

interface CompleteSource extends SourceOptions<ConfigSpec> {
  readonly section: string;
  readonly schemaChanges: readonly SchemaChange[];
}

function assemble(options: CompleteSource, list: readonly Resource[]): Source {
  const { name, config: _config, parallelized, ...rest } = options;
  const copies = cloneResources(checkedResources(name, list));
  const resources = new Map<string, Resource>();
  for (const original of list) {
    const copy = copies.get(original);
    if (copy === undefined) continue;
    if (resources.has(copy.name)) {
      throw new SourceError("RESOURCE_DUPLICATE", `Source \`${name}\` has two resources named \`${copy.name}\`.`, {
        hint: "Give one of them another name, e.g. by `withName`.",
        context: { source: name, resource: copy.name },
      });
    }
    if (parallelized === true) changeResource(copy, { parallelized });
    resources.set(copy.name, copy);
  }
  return makeSource({ ...rest, name, resources });
}

function checkedResources(name: string, list: unknown): readonly Resource[] {
  if (Array.isArray(list) && list.every(isResource)) return list;
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
  return new DeclaredSource(definition);
}

class DeclaredSource implements Source {
  readonly [sourceBrand]: SourceDefinition;
  readonly resources: Resources;

  constructor(definition: SourceDefinition) {
    this[sourceBrand] = definition;
    this.resources = Object.freeze(Object.fromEntries(definition.resources));
  }

  get name(): string {
    return this[sourceBrand].name;
  }

  withResources(...names: string[]): Source<never> {
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
    return makeSource({ ...this[sourceBrand], resources: picked }) as Source<never>;
  }

  select(...names: readonly string[]): Source {
    const chosen = this.#named(names);
    for (const [name, resource] of this[sourceBrand].resources)
      changeResource(resource, { selected: chosen.has(name) });
    return this;
  }

  addLimit(items: number): Source {
    for (const resource of this[sourceBrand].resources.values()) {
      if (resource.selected && resourceDefinition(resource).body.kind === "reader") resource.addLimit(items);
    }
    return this;
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
