export {
  isColumnBatch,
  isDestination,
  isEncodedRows,
  isJsonText,
  isResource,
  isSource,
  isSourceFactory,
  isStandardSchema,
  isTransformer,
  resourceDefinition,
  sourceDefinition,
} from "./brand.js";
export { cloneResources } from "./clone-resource.js";
export type { IncrementalDefinition, ResourceBody, ResourceDefinition, SourceDefinition, Step } from "./definition.js";
export type { DestinationArguments, DestinationFactory, DestinationOptions } from "./destination.js";
export { destination } from "./destination.js";
export { incremental } from "./incremental.js";
export type { Mark } from "./marks.js";
export { materializeTableSchema, withHints, withTableName } from "./marks.js";
export { hintsForRow, mergeHints, rowDependentHints } from "./merge-hints.js";
export { changeResource, makeResource, resource } from "./resource.js";
export { describedHints } from "./row-schema.js";
export { isSecret, secretOf } from "./secret.js";
export type { FieldWithNative, SettingOptions, SettingsLookup, SettingsRequest } from "./settings.js";
export { installSettings, secret, setting } from "./settings.js";
export type { SourceOptions } from "./source.js";
export { makeSource, source } from "./source.js";
export type { SchemaChange } from "./source-schema.js";
export { cursorOf } from "./steps.js";
export { transformer } from "./transformer.js";
