import { exportDocument, readSchema, type SchemaView } from "@dlt/core/engine";
import { givenSchema } from "../run/given-schema.js";
import { formatSchemaFile, type SchemaFileFormat } from "./schema-file-text.js";

export interface SchemaTextOptions {
  /** Default: `yaml`. */
  readonly format?: SchemaFileFormat;
  /** Leaves out what can be told from the rest: names of tables and columns, which are keys already. Default: true. */
  readonly removeDefaults?: boolean;
}

/**
 * The text of a schema file, as schemas are exported: of a schema of a pipeline, such as `p.defaultSchema`, of a document that
 * `readSchemaFile` gave, or of the URL of a file.
 * @throws SchemaError for a document that is no schema
 */
export function schemaText(schema: SchemaView | object | URL, options: SchemaTextOptions = {}): string {
  const { format = "yaml", removeDefaults = true } = options;
  const read = readSchema(givenSchema(schema).document, { verify: true });
  return formatSchemaFile(exportDocument(read, { removeDefaults }), format);
}
