import { expect } from "vitest";
import type { DataType, Schema, SchemaContent } from "../../../src/contract/index.js";
import { decodeJson } from "../../../src/json/decode.js";
import { encodeJson } from "../../../src/json/encode.js";
import type { SchemaBinding } from "../../../src/schema/bind-schema.js";
import {
  addDefaultHints,
  setDetections,
  setPreferredTypes,
  setSchemaContract,
} from "../../../src/schema/change-settings.js";
import { dropTables } from "../../../src/schema/drop-tables.js";
import { exportDocument, formatPrettySchema, formatSchema } from "../../../src/schema/format-schema.js";
import { newSchema, renameSchema, replaceContent } from "../../../src/schema/new-schema.js";
import { parseSchema } from "../../../src/schema/parse-schema.js";
import { updateSchema } from "../../../src/schema/update-schema.js";
import { updateTable } from "../../../src/schema/update-table.js";
import { bumpVersion, isModified } from "../../../src/schema/version.js";
import type { DetectorName } from "../../../src/values/detect-type.js";
import { testVectors } from "../read-vectors.js";
import { readBlockYaml } from "./block-yaml.js";
import { type GivenTable, givenContract, outcome, plain, tableOf } from "./stored-form.js";

interface Operation {
  readonly op: string;
  readonly table: GivenTable;
  readonly normalize_identifiers?: boolean;
  readonly merge_compound_props?: boolean;
  readonly hints: Readonly<Record<string, readonly string[]>>;
  readonly types: Readonly<Record<string, DataType>>;
  readonly name: DetectorName;
  readonly names: readonly string[];
  readonly contract: string | Readonly<Record<string, string>> | null;
  readonly with_name?: string;
  readonly link?: boolean;
  readonly schema_name?: string;
  readonly ops: readonly Operation[];
}

interface Step {
  readonly error?: string;
  readonly version: number;
  readonly version_hash: string;
  readonly previous_hashes: readonly string[];
  readonly is_modified: boolean;
  readonly is_new: boolean;
  readonly stored_version: number | null;
  readonly stored_version_hash: string | null;
}

interface UpdatesCase {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ops: readonly Operation[];
  readonly steps: readonly Step[];
  /** What is null, or absent after an error, was not recorded. */
  readonly document_text: string | null;
  readonly pretty_yaml: string | null;
  readonly pretty_yaml_without_hints: string | null;
  readonly pretty_json: string | null;
}

testVectors<UpdatesCase>("schema-updates", (vector) => {
  const { name, env = {}, ops, steps } = vector;
  const binding = bindingOf(env);
  const made = outcome(() => newSchema(name, binding));
  if ("error" in made) {
    expect(made).toEqual(steps[0]);
    return;
  }
  let schema: Schema = made;
  for (const [index, step] of steps.entries()) {
    const operation = ops[index - 1];
    const next = operation === undefined ? schema : outcome(() => apply(schema, operation, binding));
    if ("error" in next) {
      expect(next.error).toBe(step.error);
    } else {
      schema = lookedAt(next);
      expect(stepOf(schema), `step ${index}`).toEqual(step);
    }
  }
  const stored = bumpVersion(schema);
  if (vector.document_text !== null)
    expect(plain(decodeJson(formatSchema(stored)))).toEqual(plain(decodeJson(vector.document_text)));
  if (vector.pretty_json !== null) expect(formatPrettySchema(stored)).toBe(vector.pretty_json);
  if (vector.pretty_yaml !== null)
    expect(encodeJson(exportDocument(schema))).toBe(encodeJson(readBlockYaml(vector.pretty_yaml)));
  if (vector.pretty_yaml_without_hints !== null) {
    const document = exportDocument(schema, { removeProcessingHints: true });
    expect(encodeJson(document)).toBe(encodeJson(readBlockYaml(vector.pretty_yaml_without_hints)));
  }
});

function stepOf(schema: SchemaContent): Step {
  const isNew = schema.versionHash === "";
  const { version, versionHash, previousHashes } = bumpVersion(schema);
  return {
    version,
    version_hash: versionHash,
    previous_hashes: previousHashes,
    is_modified: isModified(schema),
    is_new: isNew,
    stored_version: isNew ? null : schema.version,
    stored_version_hash: isNew ? null : schema.versionHash,
  };
}

function bindingOf(env: Readonly<Record<string, string>>): SchemaBinding {
  const { SCHEMA__NAMING: names, SCHEMA__JSON_NORMALIZER: json, SCHEMA__USE_BREAK_PATH_ON_NORMALIZE: breakPath } = env;
  const normalizer =
    json === undefined
      ? undefined
      : (JSON.parse(json) as { readonly module: string; readonly config?: Readonly<Record<string, never>> });
  return {
    ...(names !== undefined && { names }),
    ...(normalizer !== undefined && {
      json: {
        module: normalizer.module,
        ...(normalizer.config && { config: inMemory(normalizer.config) }),
      },
    }),
    ...(breakPath !== undefined && { useBreakPathOnNormalize: breakPath === "true" }),
  };
}

function apply(schema: Schema, operation: Operation, binding: SchemaBinding): Schema {
  switch (operation.op) {
    case "update_table":
      return updateTable(schema, tableOf(operation.table), {
        normalizeIdentifiers: operation.normalize_identifiers ?? true,
        mergeCompound: operation.merge_compound_props ?? true,
      });
    case "bump":
      return bumpVersion(schema);
    case "merge_hints":
      return addDefaultHints(schema, inMemory(operation.hints));
    case "preferred_types":
      return setPreferredTypes(schema, operation.types);
    case "add_detection":
    case "remove_detection": {
      const detections = (schema.settings.detections ?? []) as readonly DetectorName[];
      if (operation.op === "remove_detection")
        return setDetections(
          schema,
          detections.filter((detection) => detection !== operation.name),
        );
      return detections.includes(operation.name) ? schema : setDetections(schema, [...detections, operation.name]);
    }
    case "contract":
      return setSchemaContract(schema, givenContract(operation.contract));
    case "drop_tables":
      return dropTables(schema, operation.names);
    case "clone":
      return operation.with_name === undefined ? schema : renameSchema(schema, operation.with_name);
    case "update_schema":
      return updateSchema(schema, otherSchema(schema, operation, binding));
    case "replace_content":
      return replaceContent(schema, lookedAt(otherSchema(schema, operation, binding)), {
        link: operation.link ?? false,
      });
    case "reload":
      return parseSchema(formatSchema(bumpVersion(schema)));
  }
  throw new Error(`The operation ${operation.op} is not known.`);
}

/** Looking at a changed schema notes the hash that it was stored with among the previous ones. */
function lookedAt(schema: Schema): Schema {
  return { ...schema, previousHashes: bumpVersion(schema).previousHashes };
}

/** The fresh schema that an operation takes over, after its own operations. */
function otherSchema(schema: Schema, { schema_name, ops }: Operation, binding: SchemaBinding): Schema {
  return ops.reduce(
    (other, operation) => apply(other, operation, binding),
    newSchema(schema_name ?? schema.name, binding),
  );
}

/** The properties under their names in memory. */
function inMemory<Value>(stored: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
