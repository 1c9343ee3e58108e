import { type Schema, SchemaError } from "@dlt/core";
import {
  bumpVersion,
  dataTables,
  type ExportOptions,
  exportDocument,
  readSchema,
  replaceContent,
  type SchemaPlace,
  withoutProcessingHints,
} from "@dlt/core/engine";
import { inFile } from "./schema-file-text.js";
import {
  hasSchemaFile,
  readSchemaDocument,
  type SchemaFolder,
  schemaFilePath,
  writeSchemaDocument,
} from "./schema-folder.js";

/** Where the schemas of a pipeline are imported from and exported to. */
export interface SchemaFiles {
  /** `null`: nothing is imported. */
  readonly importFolder: SchemaFolder | null;
  /** `null`: nothing is exported. */
  readonly exportFolder: SchemaFolder | null;
  /** Leaves out of the files what goes without saying. */
  readonly removeDefaults: boolean;
}

/** A schema that a file brought. */
export interface ImportedSchema {
  readonly schema: Schema;
  /** The schema of the pipeline that it took the place of; `null`: there was none. */
  readonly replaced: Schema | null;
  /** The file that it came from. */
  readonly file: string;
}

/**
 * The schema to go on with when the import file is new to the pipeline, or was changed since the pipeline last looked at it: the
 * file replaces what the pipeline has, whose hash stays among the previous ones. `null`: the pipeline's schema holds.
 *
 * @throws SchemaError for a file that is no schema, or the schema of another name; the message names file and place
 */
export async function changedImport(
  files: SchemaFiles,
  options: { readonly name: string; readonly stored: Schema | null; readonly place: SchemaPlace },
): Promise<ImportedSchema | null> {
  const { name, stored, place } = options;
  if (files.importFolder === null) return null;
  const imported = await readImport(files.importFolder, name, place);
  if (imported === null || imported.versionHash === stored?.importedVersionHash) return null;
  const schema = stored === null ? imported : replaceContent(stored, imported, { link: true });
  return {
    schema: { ...schema, importedVersionHash: imported.versionHash },
    replaced: stored,
    file: schemaFilePath(files.importFolder, name),
  };
}

/**
 * The schema with the hash of its import file as that is, so that saving the schema is not undone by the next look at the file.
 */
export async function linkedToImport(files: SchemaFiles, schema: Schema): Promise<Schema> {
  if (files.importFolder === null) return schema;
  const imported = await readImport(files.importFolder, schema.name, placeOf(schema));
  return imported === null ? schema : { ...schema, importedVersionHash: imported.versionHash };
}

/** A schema that begins an import file. */
export interface NewImport {
  /** The schema, linked to the file that it will have. */
  readonly schema: Schema;
  /** Writes the file. Save the schema first: without its link the file would replace it. */
  write(): Promise<void>;
}

/** The import file that a schema lacks, without what the pipeline noted on tables; `null`: it has one. */
export async function missingImport(files: SchemaFiles, schema: Schema): Promise<NewImport | null> {
  const { importFolder, removeDefaults } = files;
  if (importFolder === null || (await hasSchemaFile(importFolder, schema.name))) return null;
  const { versionHash } = bumpVersion(withoutProcessingHints(schema));
  const document = exportDocument(schema, { removeDefaults, removeProcessingHints: true });
  return {
    schema: { ...schema, importedVersionHash: versionHash },
    write: () => writeSchemaDocument(importFolder, schema.name, document),
  };
}

/**
 * Writes the export file of a schema. Where schemas are imported from the same folder, the file has none of the pipeline's notes.
 *
 * @returns the schema; one that is imported from the same folder is linked to its new file
 */
export async function exportSchema(files: SchemaFiles, schema: Schema): Promise<Schema> {
  const { importFolder, exportFolder, removeDefaults } = files;
  if (exportFolder === null) return schema;
  const isShared = exportFolder.path === importFolder?.path;
  const form: ExportOptions = { removeDefaults, removeProcessingHints: isShared };
  const linked = isShared
    ? { ...schema, importedVersionHash: bumpVersion(withoutProcessingHints(schema)).versionHash }
    : schema;
  await writeSchemaDocument(exportFolder, schema.name, exportDocument(linked, form));
  return linked;
}

/** Tells people what an import changed. */
export function warnOfImport({ schema, replaced, file }: ImportedSchema): void {
  const { name, tables } = schema;
  if (replaced !== null) {
    warn(
      "SCHEMA_REPLACED",
      `The schema \`${name}\` of the pipeline was replaced by that of \`${file}\`, which has changed.`,
    );
    const seen = dataTables(replaced, { seenData: true }).map((table) => table.name);
    if (seen.length > 0) {
      warn(
        "SCHEMA_REPLACED_WITH_DATA",
        `Tables of the schema \`${name}\` have rows at the destination, where they stay as they are: ${seen.join(", ")}. If the file changed them, drop them there, so that they are made anew.`,
      );
    }
  }
  const plain = withoutProcessingHints(schema).tables;
  const noted = [...tables.values()].filter(
    (table) => Object.keys(table).length > Object.keys(plain.get(table.name) ?? {}).length,
  );
  if (noted.length > 0) {
    warn(
      "SCHEMA_FILE_HAS_NOTES",
      `\`${file}\` has \`x-normalizer\` and the like on tables, by which a pipeline notes that they are at the destination: ${noted.map((table) => table.name).join(", ")}. For a new dataset that is wrong; remove it from the file.`,
    );
  }
}

async function readImport(folder: SchemaFolder, name: string, place: SchemaPlace): Promise<Schema | null> {
  const document = await readSchemaDocument(folder, name);
  if (document === null) return null;
  const file = schemaFilePath(folder, name);
  let schema: Schema;
  try {
    schema = readSchema(document, { ...place, verify: true });
  } catch (error) {
    throw inFile(error, file);
  }
  if (schema.name === name) return schema;
  throw new SchemaError(
    "SCHEMA_FILE_NAME_DIFFERS",
    `The schema file \`${file}\` holds the schema \`${schema.name}\`, not \`${name}\`.`,
    {
      hint: `Write \`name: ${name}\` in it, or rename the file.`,
      context: { file, expected: name, found: schema.name },
    },
  );
}

function placeOf({ naming, mergeStrategies, conventions }: Schema): SchemaPlace {
  return { maxIdentifierLength: naming.maxLength, mergeStrategies, ...(conventions && { conventions }) };
}

function warn(code: string, message: string): void {
  process.emitWarning(message, { type: "DltWarning", code });
}
