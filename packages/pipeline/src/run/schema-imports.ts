import type { Schema } from "@dlt/core";
import { bumpVersion, formatSchema, parseSchema } from "@dlt/core/engine";
import { changedImport, exportSchema, missingImport, warnOfImport } from "../schema-files/schema-files.js";
import { writeSchemaText } from "../workspace/working-folder.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { schemaPlace } from "./target.js";

/** Takes the import files of these schemas over that are new or were changed; each becomes the schema of the pipeline at once. */
export async function importSchemas(claimed: ClaimedPipeline, names: Iterable<string>): Promise<void> {
  const { context, schemas } = claimed;
  const place = schemaPlace(context);
  for (const name of new Set(names)) {
    const text = schemas.get(name);
    const stored = text === undefined ? null : parseSchema(text, place);
    const imported = await changedImport(context.schemaFiles, { name, stored, place });
    if (imported === null) continue;
    warnOfImport(imported);
    await saveSchema(claimed, await exportSchema(context.schemaFiles, imported.schema));
  }
}

/** Begins the import files that schemas of the pipeline lack. */
export async function beginImports(claimed: ClaimedPipeline): Promise<void> {
  const { context, schemas } = claimed;
  if (context.schemaFiles.importFolder === null) return;
  for (const text of [...schemas.values()]) {
    const missing = await missingImport(context.schemaFiles, parseSchema(text, schemaPlace(context)));
    if (missing === null) continue;
    await saveSchema(claimed, missing.schema);
    await missing.write();
  }
}

async function saveSchema(claimed: ClaimedPipeline, schema: Schema): Promise<void> {
  const text = formatSchema(bumpVersion(schema));
  await writeSchemaText(claimed.context.folder, schema.name, text);
  claimed.schemas.set(schema.name, text);
}
