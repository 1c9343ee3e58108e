import type { DataType } from "../../contract/schema.js";
import type { NamedColumn } from "../merge-columns.js";
import { isJsonSchema, type JsonSchema, resolved } from "./json-schema-of.js";

/** What a JSON Schema says of the columns of its rows. */
export interface DescribedColumns {
  readonly columns: readonly NamedColumn[];
  /** True when every field that rows may have has a column. */
  readonly complete: boolean;
}

/** What rows look like: of an alternative, or of all of them. */
interface ObjectSchema {
  readonly properties: ReadonlyMap<string, readonly JsonSchema[]>;
  /** Of `properties`, those that each row has. */
  readonly required: ReadonlySet<string>;
  /** False where rows may be anything. */
  readonly told: boolean;
}

export interface ColumnOptions {
  readonly skipNestedTypes: boolean;
}

/**
 * The columns of rows. What may be missing or null is nullable; objects and lists are JSON, with `skipNestedTypes` objects are
 * columns of their own, named by their path with `__`, and lists none. A field whose values have no common type has no column. Of
 * alternatives all fields count; those that are not in each of them are nullable.
 */
export function describedColumns(root: JsonSchema, options: ColumnOptions): DescribedColumns {
  return columnsOf(objectOf([root], root), { root, prefix: "", optional: false, above: [] }, options);
}

/** The alternatives that a row can be; the schema itself where there are none. */
export function rowVariants(root: JsonSchema): readonly JsonSchema[] {
  const schema = resolved(root, root);
  return partsOf(schema, "anyOf") ?? partsOf(schema, "oneOf") ?? [schema];
}

/** True when a row has the values that an alternative asks for by `const` or `enum`. */
export function matchesVariant(row: unknown, variant: JsonSchema, root: JsonSchema): boolean {
  if (!isJsonSchema(row)) return false;
  const { properties, required } = objectOf([variant], root);
  return [...properties].every(([name, schemas]) =>
    schemas.every((schema) => {
      const values = fixedValues(resolved(schema, root));
      return values === null || values.includes(row[name]) || (row[name] === undefined && !required.has(name));
    }),
  );
}

interface Place {
  readonly root: JsonSchema;
  readonly prefix: string;
  /** The object itself may be missing. */
  readonly optional: boolean;
  /** Schemas that this place is in, so that one that holds itself ends. */
  readonly above: readonly JsonSchema[];
}

function columnsOf(rows: ObjectSchema, place: Place, options: ColumnOptions): DescribedColumns {
  const columns: NamedColumn[] = [];
  let complete = rows.told;
  for (const [field, schemas] of rows.properties) {
    const types = schemas.flatMap((schema) => typesOf(schema, place.root));
    const dataType = commonType(types);
    const name = `${place.prefix}${field}`;
    const nullable = place.optional || !rows.required.has(field) || types.includes(null);
    if (dataType === null) complete = false;
    else if (dataType === "json" && options.skipNestedTypes) {
      const known = schemas.some((schema) => place.above.includes(resolved(schema, place.root)));
      const above = [...place.above, ...schemas.map((schema) => resolved(schema, place.root))];
      const nested = known
        ? []
        : columnsOf(
            objectOf(schemas, place.root),
            { ...place, prefix: `${name}__`, optional: nullable, above },
            options,
          ).columns;
      columns.push(...nested);
      complete = false;
    } else {
      const description = schemas
        .map((schema) => resolved(schema, place.root)["description"])
        .find((text) => typeof text === "string" && text !== "");
      columns.push({ name, dataType, nullable, ...(typeof description === "string" && { description }) });
    }
  }
  return { columns, complete };
}

/** The fields of an object that has to fit one of the schemas. */
function objectOf(schemas: readonly JsonSchema[], root: JsonSchema): ObjectSchema {
  const objects = schemas.flatMap((schema) => objectsOf(schema, root));
  const required = objects.map((object) => object.required);
  return {
    properties: mergedProperties(objects),
    required: new Set([...(required[0] ?? [])].filter((name) => required.every((names) => names.has(name)))),
    told: objects.length > 0 && objects.every(({ told }) => told),
  };
}

/** The objects that a schema allows, one for each alternative. */
function objectsOf(given: JsonSchema, root: JsonSchema): readonly ObjectSchema[] {
  const schema = resolved(given, root);
  const alternatives = partsOf(schema, "anyOf") ?? partsOf(schema, "oneOf");
  if (alternatives !== null) return alternatives.flatMap((part) => objectsOf(part, root));
  const own = ownObject(schema);
  const together = (partsOf(schema, "allOf") ?? []).map((part) => objectOf([part], root));
  if (together.length === 0) return own === null ? [] : [own];
  const all = own === null ? together : [own, ...together];
  return [
    {
      properties: mergedProperties(all),
      required: new Set(all.flatMap((object) => [...object.required])),
      told: all.some(({ told }) => told),
    },
  ];
}

function ownObject(schema: JsonSchema): ObjectSchema | null {
  const { properties, required, type } = schema;
  if (type !== undefined && type !== "object" && !(Array.isArray(type) && type.includes("object"))) return null;
  const fields = Object.entries(isJsonSchema(properties) ? properties : {});
  return {
    properties: new Map(fields.map(([name, property]) => [name, [isJsonSchema(property) ? property : {}]])),
    required: new Set(Array.isArray(required) ? (required as readonly string[]) : []),
    told: isJsonSchema(properties),
  };
}

function mergedProperties(objects: readonly ObjectSchema[]): ReadonlyMap<string, readonly JsonSchema[]> {
  const merged = new Map<string, readonly JsonSchema[]>();
  for (const { properties } of objects)
    for (const [name, schemas] of properties) merged.set(name, [...(merged.get(name) ?? []), ...schemas]);
  return merged;
}

/** The data types that values may have; `null` stands for null, undefined for anything. */
function typesOf(given: JsonSchema, root: JsonSchema): readonly (DataType | null | undefined)[] {
  const schema = resolved(given, root);
  const alternatives = partsOf(schema, "anyOf") ?? partsOf(schema, "oneOf");
  if (alternatives !== null) return alternatives.flatMap((part) => typesOf(part, root));
  const values = fixedValues(schema);
  if (values !== null) return values.map(typeOfValue);
  const { type } = schema;
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).map((each) => typeOf(each, schema));
  const together = partsOf(schema, "allOf");
  if (together === null) return [undefined];
  // Each part narrows the others, so that any that names a type will do.
  return together.map((part) => typesOf(part, root)).find((types) => !types.includes(undefined)) ?? [undefined];
}

function fixedValues(schema: JsonSchema): readonly unknown[] | null {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? (schema["enum"] as readonly unknown[]) : null;
}

function typeOfValue(value: unknown): DataType | null | undefined {
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return Number.isInteger(value) ? "bigint" : "double";
    case "boolean":
      return "bool";
    default:
      return value === null ? null : undefined;
  }
}

function typeOf(type: unknown, { format, contentEncoding }: JsonSchema): DataType | null | undefined {
  switch (type) {
    case "null":
      return null;
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

/** The one type that takes all values; `null` when there is none. */
function commonType(types: readonly (DataType | null | undefined)[]): DataType | null {
  if (types.includes(undefined)) return null;
  const [first, ...others] = new Set(types.filter((type) => typeof type === "string"));
  if (first === undefined || others.length === 0) return first ?? null;
  const all = [first, ...others];
  if (all.every((type) => type === "bigint" || type === "double")) return "double";
  return all.includes("json") || all.includes("binary") ? null : "text";
}

function partsOf(schema: JsonSchema, keyword: "anyOf" | "oneOf" | "allOf"): readonly JsonSchema[] | null {
  const parts = schema[keyword];
  return Array.isArray(parts) ? parts.map((part: unknown) => (isJsonSchema(part) ? part : {})) : null;
}
