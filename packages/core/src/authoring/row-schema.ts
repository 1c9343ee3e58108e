import type { ColumnHints, Hints, SchemaContractHint } from "../contract/hints.js";
import type { DataType, ExpandedContract } from "../contract/schema.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { SourceError } from "../errors/index.js";
import { expandContract } from "../schema/contract/resolve.js";
import { schemaContractOf } from "../schema/hints.js";
import { isStandardSchema } from "./brand.js";

/** What holds for rows with a schema of their own, when nothing is said: unknown fields are left out, wrong values refused. */
const defaultContract: SchemaContractHint = { tables: "evolve", columns: "discard_value", dataType: "freeze" };

/** The schema of a resource's rows and what to do with rows that do not fit it; `null` when it has none. */
export interface RowContract {
  readonly schema: StandardSchemaV1;
  readonly modes: ExpandedContract;
}

/** @throws SourceError `RESOURCE_OPTION_INVALID` for a contract that rows cannot be held to */
export function rowContract({ columns, schemaContract }: Hints): RowContract | null {
  if (!isStandardSchema(columns)) return null;
  const given = typeof schemaContract === "function" ? undefined : schemaContract;
  const modes = expandContract(schemaContractOf(given ?? defaultContract));
  if (modes.dataType === "discard_value") {
    throw new SourceError(
      "RESOURCE_OPTION_INVALID",
      "A schema of rows cannot leave out single values that do not fit it.",
      {
        hint: 'Give `dataType` of the schema contract as "freeze", "discard_row" or "evolve".',
      },
    );
  }
  return { schema: columns, modes };
}

/** Hints in which a schema of rows is replaced by the columns that it describes, and by the contract that goes with it. */
export function describedHints(hints: Hints): Hints {
  const { columns, ...others } = hints;
  return isStandardSchema(columns)
    ? { schemaContract: defaultContract, ...others, columns: columnsOf(columns) }
    : hints;
}

/**
 * The columns that a Standard Schema describes through its JSON Schema; none when it has no JSON Schema, or one that says
 * nothing of columns. What may be missing or null is nullable; objects and lists are JSON.
 */
function columnsOf(schema: StandardSchemaV1): readonly (ColumnHints & { readonly name: string })[] {
  const { properties, required } = jsonSchemaOf(schema);
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).flatMap(([name, property]) => {
    const types = alternatives(property);
    const dataType = types.filter((type) => type !== null).at(0);
    if (dataType === undefined) return [];
    return [{ name, dataType, nullable: !needed.includes(name) || types.includes(null) }];
  });
}

function jsonSchemaOf(schema: StandardSchemaV1): Readonly<Record<string, unknown>> {
  const { jsonSchema } = schema["~standard"] as { readonly jsonSchema?: { output?(options: object): unknown } };
  try {
    const described = jsonSchema?.output?.({ target: "draft-2020-12" });
    return isObject(described) ? described : {};
  } catch {
    // Some types have no JSON Schema; then rows are only checked.
    return {};
  }
}

/** The data types that a JSON Schema allows; `null` stands for null. */
function alternatives(schema: unknown): readonly (DataType | null)[] {
  if (!isObject(schema)) return [];
  const parts = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(parts)) return parts.flatMap(alternatives);
  const { type } = schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.flatMap((each) => (each === "null" ? [null] : (dataTypeOf(each, schema) ?? [])));
}

function dataTypeOf(
  type: unknown,
  { format, contentEncoding }: Readonly<Record<string, unknown>>,
): DataType | undefined {
  switch (type) {
    case "string":
      if (contentEncoding === "base64") return "binary";
      if (format === "date-time") return "timestamp";
      return format === "date" || format === "time" ? format : "text";
    case "integer":
      return "bigint";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "object":
    case "array":
      return "json";
    default:
      return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
