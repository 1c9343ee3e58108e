import type { StandardSchemaV1 } from "../../contract/standard-schema.js";

/** A JSON Schema, or a part of one: nothing of it is taken for granted. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** `input`: of rows as they are given. `output`: of rows as the schema gives them back. */
export type Side = "input" | "output";

/** `jsonSchema` of the Standard JSON Schema interface: https://standardschema.dev/json-schema */
type Converter = (options: { readonly target: string; readonly libraryOptions?: object }) => unknown;

/**
 * What a Standard Schema says of its rows as JSON Schema (draft 2020-12); `null` when it has none. Where a library lets us, dates
 * are `date-time`, big integers `integer`, a type that JSON Schema has no word for is `{}`, and what becomes of unknown fields is told
 * by `additionalProperties`.
 */
export function jsonSchemaOf(schema: StandardSchemaV1, side: Side): JsonSchema | null {
  const { jsonSchema, vendor } = schema["~standard"] as {
    readonly jsonSchema?: Readonly<Partial<Record<Side, Converter>>>;
    readonly vendor: string;
  };
  const converter = jsonSchema?.[side];
  if (converter === undefined) return null;
  const libraryOptions = Object.hasOwn(vendorOptions, vendor) ? vendorOptions[vendor]?.(side) : undefined;
  try {
    const described = converter({ target: "draft-2020-12", ...(libraryOptions && { libraryOptions }) });
    return isJsonSchema(described) ? described : null;
  } catch {
    // Some types have no JSON Schema; then rows are only checked.
    return null;
  }
}

export function isJsonSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema that a reference leads to, with what stands beside the reference; others as they are. `{}` where it leads nowhere. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  const seen = new Set<unknown>();
  while (typeof found["$ref"] === "string") {
    const { $ref, ...beside } = found;
    if (seen.has($ref)) return {};
    seen.add($ref);
    const target = targetOf($ref as string, root);
    if (target === null) return {};
    found = Object.keys(beside).length === 0 ? target : { ...target, ...beside };
  }
  return found;
}

function targetOf(reference: string, root: JsonSchema): JsonSchema | null {
  if (!reference.startsWith("#")) return null;
  let found: unknown = root;
  for (const part of decodeURIComponent(reference.slice(1)).split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = isJsonSchema(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return isJsonSchema(found) ? found : null;
}

const dateTime = { type: "string", format: "date-time" };
const integer = { type: "integer" };

/**
 * Options of libraries, handed on as `libraryOptions`. By themselves they refuse a whole schema for one field that JSON Schema has no
 * word for, or leave out what the columns need.
 */
const vendorOptions: Readonly<Record<string, (side: Side) => object>> = {
  /** https://zod.dev/json-schema */
  zod: () => ({
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }: { zodSchema: ZodSchema; jsonSchema: Record<string, unknown> }) => {
      const { type, format } = zodSchema._zod.def;
      if (type === "date") Object.assign(jsonSchema, dateTime);
      if (type === "bigint") Object.assign(jsonSchema, integer);
      // Zod leaves the format out where the text may lack seconds or an offset.
      if (type === "string" && format === "datetime") jsonSchema["format"] = "date-time";
      if (type === "string" && format === "time") jsonSchema["format"] = "time";
    },
  }),
  /** https://github.com/open-circle/valibot/tree/main/packages/to-json-schema */
  valibot: (side) => ({
    overrideSchema: ({ valibotSchema: { type }, jsonSchema, errors }: ValibotSchemaContext) => {
      if (type === "date") return dateTime;
      if (type === "bigint") return integer;
      if (type === "loose_object") return { ...jsonSchema, additionalProperties: {} };
      if (type === "object" && side === "output") return { ...jsonSchema, additionalProperties: false };
      return errors && {};
    },
    overrideAction: ({ valibotAction: { kind, type }, jsonSchema, errors }: ValibotActionContext) => {
      if (Object.hasOwn(resultOfAction, type)) return resultOfAction[type];
      if (type === "iso_time_second") return { ...jsonSchema, format: "time" };
      // Any other transformation can make anything; a check that JSON Schema cannot tell leaves the type as it is.
      return errors && (kind === "transformation" && !keepsType.test(type) ? {} : jsonSchema);
    },
  }),
  /** https://arktype.io/docs/configuration#tojsonschema */
  arktype: () => ({
    fallback: {
      date: () => dateTime,
      domain: ({ domain, base }: { readonly domain: string; readonly base: object }) =>
        domain === "bigint" ? integer : base,
    },
  }),
};

/** What transformations of valibot make. */
const resultOfAction: Readonly<Record<string, object>> = {
  to_date: dateTime,
  to_bigint: integer,
  to_number: { type: "number" },
  to_boolean: { type: "boolean" },
  parse_boolean: { type: "boolean" },
  to_string: { type: "string" },
  stringify_json: { type: "string" },
};
/** Transformations of valibot whose result has the type of what they are given. */
const keepsType =
  /^(?:brand|flavor|readonly|guard|normalize|trim\w*|to_\w+_case|to_(?:min|max)_value|(?:filter|sort)_items)$/;

interface ZodSchema {
  readonly _zod: { readonly def: { readonly type: string; readonly format?: string } };
}
interface ValibotSchemaContext {
  readonly valibotSchema: { readonly type: string };
  readonly jsonSchema: object;
  readonly errors?: readonly string[];
}
interface ValibotActionContext {
  readonly valibotAction: { readonly kind: string; readonly type: string };
  readonly jsonSchema: object;
  readonly errors?: readonly string[];
}
