import type { ColumnBatch, EncodedRows, JsonText } from "../contract/batch.js";
import type { Destination } from "../contract/destination.js";
import type { FileImport, Resource, ResourceFactory, SqlModel, Transformer } from "../contract/resource.js";
import type { Source, SourceFactory } from "../contract/source.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import type { ResourceDefinition, SourceDefinition, TransformerDefinition } from "./definition.js";

// Objects of a second installed copy of this package carry the same symbols, which `instanceof` would not see.

/** Where a `Resource` holds its `ResourceDefinition`. */
export const resourceBrand: unique symbol = Symbol.for("dlt.resource");
/** Where a `Transformer` holds its `TransformerDefinition`. */
export const transformerBrand: unique symbol = Symbol.for("dlt.transformer");
/** Where a `Source` holds its `SourceDefinition`. */
export const sourceBrand: unique symbol = Symbol.for("dlt.source");
/** Set on a `SourceFactory`. */
export const sourceFactoryBrand: unique symbol = Symbol.for("dlt.sourceFactory");

/** A resource as this package makes it: it has a definition that can be replaced. */
export interface DefinedResource {
  [resourceBrand]: ResourceDefinition;
}

/** What a resource consists of: the way in for engines. */
export function resourceDefinition(resource: Resource): ResourceDefinition {
  return (resource as unknown as DefinedResource)[resourceBrand];
}

/** What a source consists of: the way in for engines. */
export function sourceDefinition(source: Source): SourceDefinition {
  return (source as unknown as { readonly [sourceBrand]: SourceDefinition })[sourceBrand];
}

export function transformerDefinition(transformer: Transformer<never, unknown>): TransformerDefinition {
  return (transformer as unknown as { readonly [transformerBrand]: TransformerDefinition })[transformerBrand];
}

export function isResource(value: unknown): value is Resource {
  return has(value, resourceBrand);
}

export function isTransformer(value: unknown): value is Transformer<never, unknown> {
  return has(value, transformerBrand);
}

/** True for a resource or transformer that has to be called with arguments first. */
export function isResourceFactory(
  value: unknown,
): value is ResourceFactory<never, Resource | Transformer<never, unknown>> & { readonly name: string } {
  const { binding } = isResource(value)
    ? resourceDefinition(value)
    : isTransformer(value)
      ? transformerDefinition(value)
      : {};
  return binding?.isRequired === true;
}

export function isSource(value: unknown): value is Source {
  return has(value, sourceBrand);
}

export function isSourceFactory(value: unknown): value is SourceFactory<Record<never, never>, void, unknown> {
  return has(value, sourceFactoryBrand);
}

export function isDestination(value: unknown): value is Destination {
  return has(value, "~dlt") && value["~dlt"] === "destination";
}

export function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  return has(value, "~standard");
}

export function isColumnBatch(value: unknown): value is ColumnBatch {
  return (
    has(value, "rowCount") &&
    typeof value.rowCount === "number" &&
    has(value, "columns") &&
    Array.isArray(value.columns)
  );
}

export function isJsonText(value: unknown): value is JsonText {
  return has(value, "jsonText") && value.jsonText instanceof Uint8Array;
}

export function isEncodedRows(value: unknown): value is EncodedRows {
  return has(value, "codec") && has(value, "bytes") && value.bytes instanceof Uint8Array;
}

export function isFileImport(value: unknown): value is FileImport {
  return has(value, "~dlt") && value["~dlt"] === "file";
}

export function isSqlModel(value: unknown): value is SqlModel {
  return has(value, "~dlt") && value["~dlt"] === "model";
}

function has<Key extends PropertyKey>(value: unknown, key: Key): value is { readonly [K in Key]: unknown } {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && key in value;
}
