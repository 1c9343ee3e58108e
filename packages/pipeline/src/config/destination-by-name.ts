import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError, type Destination } from "@dlt/core";
import type { PipelineRuntime } from "../runtime.js";
import type { ConfigContext } from "./config-context.js";
import { hasKey, packageEntry } from "./package-entry.js";
import { addCommand } from "./package-manager.js";
import { exactValueOf } from "./project-providers.js";

export interface DestinationByNameOptions {
  readonly runtime: Pick<PipelineRuntime, "env" | "cwd">;
  readonly config: ConfigContext;
  /** Type of the destination, when the name is one of its own. Default: what is set for the name. */
  readonly type?: string | undefined;
  /** Type where none is set for the name. Default: the name. */
  readonly defaultType?: string | undefined;
  /** Settings given in code, e.g. `{ credentials: "a.duckdb" }`. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** The script that Node was started with. Default: that of this process. */
  readonly mainScript?: string;
}

/**
 * Makes the destination that a name stands for: a type (`duckdb`, `dlt.destinations.duckdb`), or a name of one's own
 * whose type is set as `destination.<name>.destination_type`. The package `@dlt/destination-<type>`, else
 * `dlt-destination-<type>`, is taken from where the main script is, else from the current folder.
 * @throws ConfigError `DESTINATION_NOT_FOUND`, `DESTINATION_NOT_LOADABLE`
 */
export async function destinationByName(name: string, options: DestinationByNameOptions): Promise<Destination> {
  const namedType = options.type ?? typeOfName(name, options.config) ?? options.defaultType;
  const type = shortType(namedType ?? name);
  const found = findPackage(type, options);
  if (found === null) throw notFoundError(name, type, options);
  const make = await importFactory(type, found);
  const isNamed = namedType !== undefined && name !== namedType && name !== type;
  const destination = make({ ...options.given, ...(isNamed && { destinationName: name }) });
  if (!isDestination(destination))
    throw notLoadableError(type, found, `its export \`${exportName(type)}\` makes no destination`);
  return isNamed && destination.name !== name ? renamed(destination, name) : destination;
}

function typeOfName(name: string, { providers }: ConfigContext): string | undefined {
  const type = name.includes(".") ? undefined : exactValueOf(providers, ["destination", name, "destination_type"]);
  return typeof type === "string" ? type : undefined;
}

/** The same destination under another name, which is also that of its config section. */
function renamed(destination: Destination, name: string): Destination {
  return Object.create(destination, { name: { value: name, enumerable: true } }) as Destination;
}

/** `dlt.destinations.duckdb` → `duckdb`. */
function shortType(type: string): string {
  return type.startsWith("dlt.destinations.") ? type.slice("dlt.destinations.".length) : type;
}

interface FoundPackage {
  readonly packageName: string;
  /** The file that stands for the package. */
  readonly entry: string;
}

function findPackage(
  type: string,
  { runtime, mainScript = process.argv[1] }: DestinationByNameOptions,
): FoundPackage | null {
  const script = mainScript === undefined ? [] : [realPath(resolve(runtime.cwd, mainScript))];
  const starts = [...script, join(runtime.cwd, "package.json")];
  for (const start of starts) {
    for (const packageName of packageNames(type)) {
      const entry = packageEntry(packageName, start);
      if (entry !== null) return { packageName, entry };
    }
  }
  return null;
}

function packageNames(type: string): readonly string[] {
  const stem = type.replaceAll("_", "-");
  return [`@dlt/destination-${stem}`, `dlt-destination-${stem}`];
}

type Factory = (given: Readonly<Record<string, unknown>>) => unknown;

async function importFactory(type: string, found: FoundPackage): Promise<Factory> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(found.entry).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw notLoadableError(type, found, `importing it failed: ${reason}`, error);
  }
  const factory = module[exportName(type)];
  if (typeof factory !== "function") throw notLoadableError(type, found, `it has no export \`${exportName(type)}\``);
  return factory as Factory;
}

/** `azure_sql` → `azureSql`: what a connector's package exports. */
function exportName(type: string): string {
  return type.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function isDestination(value: unknown): value is Destination {
  return hasKey(value, "~dlt") && value["~dlt"] === "destination";
}

function notFoundError(
  name: string,
  type: string,
  { runtime, mainScript = process.argv[1] }: DestinationByNameOptions,
): ConfigError {
  const tried = packageNames(type);
  const variable = `DESTINATION__${name.toUpperCase()}__DESTINATION_TYPE`;
  const alternative =
    name === type
      ? ` If \`${name}\` is a name of your own, set its type: ${variable}=duckdb, or destination_type = "duckdb" under [destination.${name}].`
      : "";
  return new ConfigError(
    "DESTINATION_NOT_FOUND",
    `Destination \`${name}\` is not installed: neither ${tried.map((packageName) => `\`${packageName}\``).join(" nor ")} was found from ` +
      `${mainScript === undefined ? "" : `\`${mainScript}\` or `}\`${runtime.cwd}\`.${alternative}`,
    {
      hint: `Add it: ${addCommand(tried[0] ?? type, runtime)}`,
      context: { destination: name, type, packages: tried.join(", ") },
    },
  );
}

function notLoadableError(
  type: string,
  { packageName, entry }: FoundPackage,
  reason: string,
  cause?: unknown,
): ConfigError {
  return new ConfigError(
    "DESTINATION_NOT_LOADABLE",
    `Destination \`${type}\` is installed as \`${packageName}\`, but ${reason}.`,
    {
      hint: `Install \`${packageName}\` again, in a version that fits this one and with its native parts for ${process.platform}-${process.arch}.`,
      context: { type, packageName, entry },
      ...(cause !== undefined && { cause }),
    },
  );
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
