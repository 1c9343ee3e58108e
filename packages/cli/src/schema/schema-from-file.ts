import { extname, resolve } from "node:path";
import type { SchemaView } from "@dlt/pipeline";
import type { Cli } from "../cli.js";

/** A schema of a file, and the document that it is. */
export interface SchemaOfFile {
  readonly document: object;
  readonly view: SchemaView;
}

/**
 * Reads and checks a schema file.
 * @throws SchemaError `SCHEMA_FILE_MISSING`, `SCHEMA_FILE_UNREADABLE`, or what is wrong with the schema
 */
export async function schemaFromFile({ terminal }: Cli, file: string): Promise<SchemaOfFile> {
  const { readSchemaFile } = await import("@dlt/pipeline");
  const { readSchema, schemaView } = await import("@dlt/core/engine");
  const document = readSchemaFile(resolve(terminal.cwd, file));
  return { document, view: schemaView(readSchema(document, { verify: true })) };
}

/** True for what can only be the path of a schema file: pipelines have no dot in their names. */
export function isSchemaFile(text: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extname(text).toLowerCase());
}
