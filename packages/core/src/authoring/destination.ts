import type { DestinationCapabilities } from "../contract/capabilities.js";
import type { ConfigOf, ConfigSpec, Secret } from "../contract/config.js";
import type {
  ConnectOptions,
  Destination,
  DestinationClient,
  LoadRow,
  StagingArea,
  StagingOptions,
} from "../contract/destination.js";
import type { FileFormat } from "../contract/file-format.js";
import { functionDestination } from "../function-destination/function-destination.js";
import type {
  AnyBatchFunction,
  BatchFunction,
  ColumnFunction,
  ColumnFunctionOptions,
  FileFunction,
  FileFunctionOptions,
  FunctionOptions,
  RowFunction,
  RowFunctionOptions,
} from "../function-destination/function-options.js";
import { isPlainObject } from "../json/encode.js";
import { ownMember } from "../values/own-member.js";
import { secretOf } from "./secret.js";
import { holdsSecrets } from "./setting-value.js";

export interface DestinationOptions<Spec extends ConfigSpec> {
  /** Type, e.g. `duckdb`; also the config section. */
  readonly name: string;
  readonly capabilities: DestinationCapabilities;
  readonly config: Spec;
  /** File formats it brings beside JSON lines, CSV and Parquet. */
  readonly fileFormats?: readonly FileFormat[];
  /** Opens a session; the caller disposes of it, also after an error. */
  connect(config: ConfigOf<Spec>, options: ConnectOptions): Promise<DestinationClient>;
  /** Opens a place for load files that other destinations copy from. Default: it cannot be one. */
  openStaging?(config: ConfigOf<Spec>, options: StagingOptions): Promise<StagingArea>;
}

type GivenFor<Field> = Field extends { readonly "~native"?: () => infer Native } ? Native : never;
type Given<Value> = Value extends Secret ? Secret | string : Value;
/** Settings given in code, each in its own form or in the form that its `parse` understands. */
export type DestinationArguments<Spec extends ConfigSpec> = {
  readonly [Field in keyof Spec]?: Given<ConfigOf<Spec>[Field]> | GivenFor<Spec[Field]>;
} & {
  /** Tells several destinations of a type apart, also in the configuration. Default: the type. */
  readonly destinationName?: string;
};

export type DestinationFactory<Spec extends ConfigSpec> = (
  given?: DestinationArguments<Spec>,
) => Destination<ConfigOf<Spec>>;

/** A destination without settings. */
type NoSettings = Record<never, never>;

/** Declares a destination: a function that makes one from settings. Those that are not given are looked up by their names. */
export function destination<Spec extends ConfigSpec>(options: DestinationOptions<Spec>): DestinationFactory<Spec>;
/** Declares a destination whose load files a function gets, by their paths. */
export function destination<Spec extends ConfigSpec = NoSettings>(
  name: string,
  load: FileFunction<Spec>,
  options: FileFunctionOptions<Spec>,
): DestinationFactory<Spec>;
/** Declares a destination whose rows a function gets as columns, some rows at a time. */
export function destination<Spec extends ConfigSpec = NoSettings>(
  name: string,
  load: ColumnFunction<Spec>,
  options: ColumnFunctionOptions<Spec>,
): DestinationFactory<Spec>;
/**
 * Declares a destination whose rows a function gets, some at a time, in order. What was handed over is noted on disk, so that an attempt
 * goes on where the last one came to: a batch comes again only if the process died, or the note failed, between the return of the
 * function and its note.
 */
export function destination<Row extends object = LoadRow, Spec extends ConfigSpec = NoSettings>(
  name: string,
  load: RowFunction<Row, Spec>,
  options?: RowFunctionOptions<Spec>,
): DestinationFactory<Spec>;
export function destination(
  declared: DestinationOptions<ConfigSpec> | string,
  load?: BatchFunction<never, never>,
  options: FunctionOptions = {},
): DestinationFactory<ConfigSpec> {
  if (typeof declared === "string") return factoryOf(functionDestination(declared, load as AnyBatchFunction, options));
  const { name, ...rest } = declared;
  return factoryOf({ ...rest, type: name, name });
}

function factoryOf(declared: Omit<Destination, "~dlt" | "given">): DestinationFactory<ConfigSpec> {
  return ({ destinationName = declared.name, ...given } = {}) => ({
    ...declared,
    "~dlt": "destination",
    name: destinationName,
    given: withSecrets(declared.config, given),
  });
}

/** What was given, with everything that may hold a secret as one, so that a destination can be printed. */
function withSecrets(spec: ConfigSpec, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const field = ownMember(spec, name) ?? ownMember(spec, camelCase(name));
      if (field === undefined || !holdsSecrets(field)) return [name, value];
      if (typeof value === "string") return [name, secretOf(value)];
      const isGroup = "fields" in field && typeof value === "object" && value !== null && isPlainObject(value);
      return [
        name,
        isGroup ? withSecrets(field.fields as ConfigSpec, value as Readonly<Record<string, unknown>>) : value,
      ];
    }),
  );
}

/** Objects of credentials may have the names of files. */
function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
