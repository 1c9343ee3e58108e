import { ConfigError, isDltError, SchemaError } from "@dlt/core";
import { decodeJson, encodeJson, type StoredDocument } from "@dlt/core/engine";
import { formatYaml, parseYaml } from "./yaml-text.js";

/** The formats that schema files can have. */
export type SchemaFileFormat = "yaml" | "json";

/** The text of a schema file: JSON with an indentation of two spaces, or block YAML. */
export function formatSchemaFile(document: StoredDocument, format: SchemaFileFormat): string {
  const content = new Map(document);
  return format === "yaml" ? formatYaml(content) : encodeJson(content, { pretty: true, anyInteger: true });
}

/**
 * Reads the text of a schema file; `file` names it in messages.
 *
 * @throws SchemaError `SCHEMA_FILE_UNREADABLE` with the place where the text departs from its format
 */
export function parseSchemaFile(
  text: string,
  { format, file }: { readonly format: SchemaFileFormat; readonly file: string },
): StoredDocument {
  const document = parsed(text, format, file);
  if (document instanceof Map) return document;
  throw unreadable(file, format, "it does not hold keys and values", undefined);
}

function parsed(text: string, format: SchemaFileFormat, file: string): unknown {
  try {
    return format === "yaml" ? parseYaml(text) : decodeJson(text);
  } catch (error) {
    throw unreadable(file, format, error instanceof Error ? error.message : String(error), error);
  }
}

function unreadable(file: string, format: SchemaFileFormat, problem: string, cause: unknown): SchemaError {
  const name = format === "yaml" ? "YAML" : "JSON";
  return new SchemaError(
    "SCHEMA_FILE_UNREADABLE",
    `The schema file \`${file}\` cannot be read as ${name}: ${problem}.`,
    {
      hint: "Correct it at that place, or export the schema again.",
      context: { file },
      cause,
    },
  );
}

/** Puts the name of the file before an error about what it holds; gives back anything else as it is. */
export function inFile(error: unknown, file: string): unknown {
  if (!isDltError(error) || error.family !== "schema" || error.context["file"] === file) return error;
  return new SchemaError(error.code, `In the schema file \`${file}\`: ${error.message}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    context: { ...error.context, file },
    cause: error,
  });
}

/** The format of a file with this extension, e.g. `.yaml`. */
export function formatOfExtension(extension: string): SchemaFileFormat | null {
  if (extension === ".yaml" || extension === ".yml") return "yaml";
  return extension === ".json" ? "json" : null;
}

/**
 * @throws ConfigError for a format that Python dlt can write, but nobody can read
 */
export function schemaFileFormat(configured: string): SchemaFileFormat {
  if (configured === "yaml" || configured === "json") return configured;
  throw new ConfigError(
    "SCHEMA_FILE_FORMAT_UNSUPPORTED",
    `Schemas cannot be imported or exported in the format \`${configured}\`.`,
    {
      hint: "Set `external_schema_format` below [schema] to `yaml` or `json`.",
      context: { format: configured },
    },
  );
}
