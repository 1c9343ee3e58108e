import type { Rule, Schema } from "../contract/schema.js";
import type { SourceSchema, TypeDetection } from "../contract/source.js";
import { SchemaError } from "../errors/index.js";
import {
  addDefaultHints,
  setDetections,
  setNormalizerConfig,
  setPreferredTypes,
  setSchemaContract,
} from "../schema/change-settings.js";
import { schemaContractOf } from "../schema/hints.js";
import { newSchema } from "../schema/new-schema.js";
import { settingsProblem } from "../schema/verify.js";

/** A change of a source's schema. Names in it are normalized by the schema that it is given. */
export type SchemaChange = (schema: Schema) => Schema;

/**
 * What the function of a source gets to change its schema. The schema is made when the source is loaded, for a destination that is
 * not known yet: until then changes are kept in `changes`. Each is tried on an empty schema at once.
 */
export function sourceSchema(changes: SchemaChange[]): SourceSchema {
  const change = (method: keyof SourceSchema, apply: SchemaChange): void => {
    const wrong = settingsProblem(apply(newSchema("source")));
    if (wrong !== null) throw invalid(method, wrong);
    changes.push(apply);
  };
  const detectionsOf = (schema: Schema) => (schema.settings.detections ?? []) as readonly TypeDetection[];
  return {
    addTypeDetection: (detection) =>
      change("addTypeDetection", (schema) => {
        const others = detectionsOf(schema);
        return others.includes(detection) ? schema : setDetections(schema, [...others, detection]);
      }),
    removeTypeDetection: (detection) =>
      change("removeTypeDetection", (schema) =>
        setDetections(
          schema,
          detectionsOf(schema).filter((other) => other !== detection),
        ),
      ),
    mergeHints: (hints) => change("mergeHints", (schema) => addDefaultHints(schema, definedOf(hints))),
    updatePreferredTypes: (types) => change("updatePreferredTypes", (schema) => setPreferredTypes(schema, types)),
    setSchemaContract: (contract) =>
      change("setSchemaContract", (schema) =>
        setSchemaContract(schema, contract === null ? null : schemaContractOf(contract)),
      ),
    setMaxTableNesting: (maxNesting) =>
      change("setMaxTableNesting", (schema) => setNormalizerConfig(schema, { maxNesting })),
    setRootKey: (rootKeyPropagation) =>
      change("setRootKey", (schema) => setNormalizerConfig(schema, { rootKeyPropagation })),
  };
}

function definedOf(hints: Parameters<SourceSchema["mergeHints"]>[0]): Readonly<Record<string, readonly Rule[]>> {
  return Object.fromEntries(Object.entries(hints).filter(([, rules]) => rules !== undefined));
}

function invalid(
  method: keyof SourceSchema,
  { place, problem }: { readonly place: string; readonly problem: string },
): SchemaError {
  return new SchemaError(
    "SCHEMA_SETTINGS_INVALID",
    `What \`${method}\` was given for the schema of a source cannot be used: \`${place}\` ${problem}.`,
    { hint: "Correct it where the source is declared.", context: { method, setting: place } },
  );
}
