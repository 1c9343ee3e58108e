import type { DestinationCapabilities } from "../contract/capabilities.js";
import type { ConfigOf, ConfigSpec, Secret } from "../contract/config.js";
import type { ConnectOptions, Destination, DestinationClient } from "../contract/destination.js";
import type { FileFormat } from "../contract/file-format.js";

export interface DestinationOptions<Spec extends ConfigSpec> {
  /** Type, e.g. `duckdb`; also the config section. */
  readonly name: string;
  readonly capabilities: DestinationCapabilities;
  readonly config: Spec;
  /** File formats it brings beside JSON lines, CSV and Parquet. */
  readonly fileFormats?: readonly FileFormat[];
  /** Opens a session; the caller disposes of it, also after an error. */
  connect(config: ConfigOf<Spec>, options: ConnectOptions): Promise<DestinationClient>;
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

/** Declares a destination: a function that makes one from settings. Those that are not given are looked up by their names. */
export function destination<Spec extends ConfigSpec>(options: DestinationOptions<Spec>): DestinationFactory<Spec> {
  const { name: type, capabilities, config, fileFormats, connect } = options;
  return (all = {}) => {
    const { destinationName = type, ...given } = all;
    return {
      "~dlt": "destination",
      type,
      name: destinationName,
      capabilities,
      config,
      given,
      ...(fileFormats !== undefined && { fileFormats }),
      connect,
    };
  };
}
