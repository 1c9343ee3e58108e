export { errorCatalogue } from "./catalogue.js";
export type { ErrorCode, ErrorEntry, ErrorFamily } from "./catalogue.js";
export {
  ConfigError, DestinationError, DltError, InternalError, isDltError, PackageError, SchemaContractError, SchemaError, SourceError,
} from "./dlt-error.js";
export type { ErrorDetails } from "./dlt-error.js";
