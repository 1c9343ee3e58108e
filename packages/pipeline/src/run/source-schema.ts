import type { Schema, SchemaBinding, SchemaText, SourceDefinition } from "@dlt/core";
import { bindSchema, newSchema, parseSchema, schemaContractOf, updateSchema } from "@dlt/core";

export interface SourceSchemaOptions {
  readonly name: string;
  /** Sources of this name, in the order in which they are extracted. */
  readonly sources: readonly SourceDefinition[];
  /** The pipeline's schema of this name; `null`: there is none yet. */
  readonly stored: SchemaText | null;
  readonly binding: SchemaBinding;
  /** Nesting limit for sources that declare none. */
  readonly maxTableNesting: number | undefined;
}

/**
 * The schema that an extract starts from: that of the pipeline, changed by what the sources declare. Settings and normalizers are
 * those of the source: what an earlier one declared and this one does not is gone.
 */
export function sourceSchema(options: SourceSchemaOptions): Schema {
  const { name, stored, binding, maxTableNesting } = options;
  let schema = stored === null ? newSchema(name, binding) : bindSchema(parseSchema(stored, binding), binding);
  for (const source of options.sources) {
    const limited =
      source.maxTableNesting === undefined && maxTableNesting !== undefined ? { ...source, maxTableNesting } : source;
    schema = updateSchema(schema, declaredSchema(limited, binding));
  }
  return schema;
}

function declaredSchema(source: SourceDefinition, binding: SchemaBinding): Schema {
  const declared =
    source.schema === undefined ? newSchema(source.name, binding) : parseSchema(JSON.stringify(source.schema), binding);
  const { settings, normalizers } = declared;
  const config = {
    ...normalizers.json.config,
    ...(source.maxTableNesting !== undefined && { maxNesting: source.maxTableNesting }),
    ...(source.rootKey !== undefined && { rootKeyPropagation: source.rootKey }),
  };
  return {
    ...declared,
    settings:
      source.schemaContract === undefined
        ? settings
        : { ...settings, schemaContract: schemaContractOf(source.schemaContract) },
    // An empty configuration would count in the hash of the schema.
    normalizers:
      Object.keys(config).length === 0 ? normalizers : { ...normalizers, json: { ...normalizers.json, config } },
  };
}
