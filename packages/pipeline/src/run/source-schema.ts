import { fileURLToPath } from "node:url";
import type { Schema, SourceDefinition } from "@dlt/core";
import { SchemaError } from "@dlt/core";
import type { SchemaBinding } from "@dlt/core/engine";
import {
  bindSchema,
  decodeJson,
  encodeJson,
  newSchema,
  readSchema,
  type StoredDocument,
  schemaContractOf,
  setNormalizerConfig,
  setSchemaContract,
  updateSchema,
} from "@dlt/core/engine";
import { readSchemaFile } from "../schema-files/read-schema-file.js";
import { inFile } from "../schema-files/schema-file-text.js";

export interface SourceSchemaOptions {
  readonly name: string;
  /** Sources of this name, in the order in which they are extracted. */
  readonly sources: readonly SourceDefinition[];
  /** The pipeline's schema of this name; `null`: there is none yet. */
  readonly stored: Schema | null;
  /** Where schemas are imported, the settings of the file hold for sources that bring no schema of their own. */
  readonly followsImports: boolean;
  readonly binding: SchemaBinding;
  /** Nesting limit for sources that declare none. */
  configuredNesting(source: SourceDefinition): number | undefined;
}

/**
 * The schema that an extract starts from: that of the pipeline, changed by what the sources declare. Settings and normalizers are
 * those of the source: what an earlier one declared and this one does not is gone.
 *
 * @throws SchemaError for a schema of a source that is none, or has another name
 */
export function sourceSchema(options: SourceSchemaOptions): Schema {
  const { name, stored, followsImports, binding } = options;
  let schema = stored === null ? null : bindSchema(stored, binding);
  for (const source of options.sources) {
    if (schema?.importedVersionHash && followsImports && source.schema === undefined) {
      schema = bindSchema(withDeclarations(schema, source, options), binding);
      continue;
    }
    const declared = withDeclarations(ownSchema(source, binding), source, options);
    schema = schema === null ? bindSchema(declared, binding) : bindSchema(updateSchema(schema, declared), binding);
  }
  return schema ?? newSchema(name, binding);
}

/** What configuration and source say of its schema beside the document that it may bring. */
function withDeclarations(start: Schema, source: SourceDefinition, options: SourceSchemaOptions): Schema {
  const { schemaChanges = [], schemaContract, maxTableNesting, rootKey } = source;
  const configured = options.configuredNesting(source);
  let schema = configured === undefined ? start : setNormalizerConfig(start, { maxNesting: configured });
  schema = schemaChanges.reduce((changed, change) => change(changed), schema);
  if (schemaContract !== undefined) schema = setSchemaContract(schema, schemaContractOf(schemaContract));
  if (maxTableNesting !== undefined) schema = setNormalizerConfig(schema, { maxNesting: maxTableNesting });
  if (rootKey !== undefined) schema = setNormalizerConfig(schema, { rootKeyPropagation: rootKey });
  return schema;
}

/** The schema that a source brings, otherwise an empty one. */
function ownSchema({ name, schema: given, schemaName = name }: SourceDefinition, binding: SchemaBinding): Schema {
  if (given === undefined) return newSchema(name, binding);
  const document = documentOf(given);
  try {
    const schema = readSchema(document, { ...binding, verify: true, removeProcessingHints: true });
    if (schema.name === schemaName) return bindSchema({ ...schema, name }, binding);
    throw new SchemaError("SCHEMA_FILE_NAME_DIFFERS", `Source \`${name}\` was given the schema \`${schema.name}\`.`, {
      hint: `Write \`name: ${schemaName}\` in the schema, or rename the source.`,
      context: { source: name, expected: schemaName, found: schema.name },
    });
  } catch (error) {
    throw given instanceof URL ? inFile(error, fileURLToPath(given)) : error;
  }
}

function documentOf(given: object | URL): StoredDocument {
  if (given instanceof URL) return readSchemaFile(given);
  const document = decodeJson(encodeJson(given, { anyInteger: true }));
  if (document instanceof Map) return document;
  throw new SchemaError("SCHEMA_DOCUMENT_INVALID", "A source was given a schema that does not hold keys and values.", {
    hint: "Give the object that a schema document is, or the URL of its file.",
  });
}
