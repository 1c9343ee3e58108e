export type { ErrorCode, ErrorFamily } from "./catalogue.js";
export type { ErrorDetails } from "./dlt-error.js";
export {
  ConfigError,
  DestinationError,
  DltError,
  InternalError,
  isDltError,
  PackageError,
  SchemaContractError,
  SchemaError,
  SourceError,
} from "./dlt-error.js";
export type { ErrorEntry } from "./error-entry.js";
export { registerErrors } from "./register-errors.js";
