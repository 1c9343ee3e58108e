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

/** The schema that an extract starts from: that of the pipeline, changed by what the sources declare. */
export function sourceSchema(options: SourceSchemaOptions): Schema {
  const { name, stored, binding, maxTableNesting } = options;
  let schema = stored === null ? newSchema(name, binding) : bindSchema(parseSchema(stored, binding), binding);
  for (const source of options.sources) {
    const limited =
      source.maxTableNesting === undefined && maxTableNesting !== undefined ? { ...source, maxTableNesting } : source;
    if (declaresSchema(limited)) schema = updateSchema(schema, declaredSchema(limited, binding));
  }
  return schema;
}

function declaresSchema(source: SourceDefinition): boolean {
  const { schema, schemaContract, maxTableNesting, rootKey } = source;
  return [schema, schemaContract, maxTableNesting, rootKey].some((part) => part !== undefined);
}

function declaredSchema(source: SourceDefinition, binding: SchemaBinding): Schema {
  const declared =
    source.schema === undefined ? newSchema(source.name, binding) : parseSchema(JSON.stringify(source.schema), binding);
  const { settings, normalizers } = declared;
  return {
    ...declared,
    settings:
      source.schemaContract === undefined
        ? settings
        : { ...settings, schemaContract: schemaContractOf(source.schemaContract) },
    normalizers: {
      ...normalizers,
      json: {
        ...normalizers.json,
        config: {
          ...normalizers.json.config,
          ...(source.maxTableNesting !== undefined && { maxNesting: source.maxTableNesting }),
          ...(source.rootKey !== undefined && { rootKeyPropagation: source.rootKey }),
        },
      },
    },
  };
}
