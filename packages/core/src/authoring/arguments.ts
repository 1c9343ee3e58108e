import type { ArgumentList } from "../contract/resource.js";
import { SourceError } from "../errors/index.js";
import { isResourceFactory } from "./brand.js";
import type { Binding } from "./definition.js";

/** A name that may depend on arguments. */
export type NameOf<Args extends ArgumentList, Name extends string> = Name | ((...args: Args) => Name);

/** What is declared of a resource or transformer before its arguments are known. */
interface Naming {
  readonly name: unknown;
  readonly section?: unknown;
}

interface Named {
  readonly name: string;
  readonly section?: string;
}

/** @throws SourceError `RESOURCE_NAME_MISSING` */
export function checkedName(name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw new SourceError("RESOURCE_NAME_MISSING", "A resource has no name.", {
    hint: "Give `name`: it is the default name of the table, and the key of the saved state.",
  });
}

/** The name and section that hold before arguments are known; where those depend on them, one for messages. */
export function provisionalNames({ name, section }: Naming): Named {
  return {
    name: typeof name === "function" ? "resource" : checkedName(name),
    ...(typeof section === "string" && { section }),
  };
}

/**
 * How a function gets arguments behind its `own` parameters. They are required where it has a parameter for them without a
 * default value, and where a name depends on them. An object that is required is empty when it is left out.
 */
export function bindingOf<Definition extends Named>(
  { name, section }: Naming,
  options: {
    readonly takes: (...parameters: never[]) => unknown;
    readonly own: number;
    bind(args: unknown): Partial<Definition>;
  },
): Binding<Definition> {
  const isRequired = typeof name === "function" || typeof section === "function" || options.takes.length > options.own;
  return {
    isRequired,
    bind: (given) => {
      const args = given === undefined && isRequired ? {} : given;
      const names = {
        ...(typeof name === "function" && { name: checkedName(name(args)) }),
        ...(typeof section === "function" && { section: String(section(args)) }),
      };
      return { ...names, ...options.bind(args) };
    },
  };
}

/** A definition with its arguments. @throws SourceError `RESOURCE_ARGUMENTS_UNEXPECTED` */
export function boundDefinition<Definition extends Named & { readonly binding?: Binding<Definition> }>(
  definition: Definition,
  args: unknown,
): Omit<Definition, "binding"> {
  const { binding, ...unbound } = definition;
  if (binding !== undefined) return { ...unbound, ...binding.bind(args) };
  const { name } = definition;
  throw new SourceError("RESOURCE_ARGUMENTS_UNEXPECTED", `\`${name}\` takes no arguments, or has them already.`, {
    hint: "Use it as it is, or call what was made of the function first.",
    context: { resource: name },
  });
}

/** @throws SourceError `RESOURCE_ARGUMENTS_MISSING` for what has to be called first */
export function checkCalled(value: unknown): void {
  if (!isResourceFactory(value)) return;
  const { name } = value;
  throw new SourceError("RESOURCE_ARGUMENTS_MISSING", `\`${name}\` takes arguments and was not called with them.`, {
    hint: `Call it, e.g. \`${name}({ … })\`; or give its parameter a default value, \`= {}\`.`,
    context: { resource: name },
  });
}
