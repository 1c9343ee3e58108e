import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Hints, SchemaContractHint } from "../../contract/hints.js";
import type { StandardSchemaV1 } from "../../contract/standard-schema.js";
import { mergeHints } from "../merge-hints.js";
import { describedHints } from "./described-hints.js";

type Schema = StandardSchemaV1<unknown, unknown>;

/** Columns as `{ name: "type" }`, with `?` for those that may be null. */
function columnsOf(columns: Schema, hints: Hints = {}): Record<string, string> {
  return shortened(describedHints({ ...hints, columns }).columns);
}

function shortened(columns: Hints["columns"]): Record<string, string> {
  if (!Array.isArray(columns)) throw new TypeError("Expected a list of columns.");
  return Object.fromEntries(
    columns.map(({ name, dataType, nullable }) => [name, `${dataType}${nullable ? "?" : ""}`] as const),
  );
}

function contractOf(columns: Schema): unknown {
  return describedHints({ columns }).schemaContract;
}

/** A schema that has only the JSON Schema that is given. */
function schemaOf(jsonSchema: object): Schema {
  const converter = { output: () => jsonSchema, input: () => jsonSchema };
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value: unknown) => ({ value }),
      jsonSchema: converter,
    },
  } as Schema;
}

const Color = { Red: "red", Blue: "blue" } as const;

describe("zod", () => {
  test.each<[string, z.ZodType, string | null]>([
    ["integer", z.int(), "bigint"],
    ["integer of 32 bits", z.int32(), "bigint"],
    ["integer by a check", z.number().int(), "bigint"],
    ["number", z.number(), "double"],
    ["text", z.string().max(10), "text"],
    ["boolean", z.boolean(), "bool"],
    ["big integer", z.bigint(), "bigint"],
    ["big integer of 64 bits", z.int64(), "bigint"],
    ["Date", z.date(), "timestamp"],
    ["coerced Date", z.coerce.date(), "timestamp"],
    ["date-time", z.iso.datetime(), "timestamp"],
    ["date-time with an offset", z.iso.datetime({ offset: true }), "timestamp"],
    ["date-time without one", z.iso.datetime({ local: true }), "timestamp"],
    ["date", z.iso.date(), "date"],
    ["time", z.iso.time(), "time"],
    ["email", z.email(), "text"],
    ["uuid", z.uuid(), "text"],
    ["base64", z.base64(), "binary"],
    ["enum of texts", z.enum(["a", "b"]), "text"],
    ["enum of an object", z.enum(Color), "text"],
    ["literal text", z.literal("a"), "text"],
    ["literal integer", z.literal(5), "bigint"],
    ["literal fraction", z.literal([1, 2.5]), "double"],
    ["literals of several types", z.literal(["a", 3]), "text"],
    ["nullable", z.string().nullable(), "text?"],
    ["nullable Date", z.date().nullable(), "timestamp?"],
    ["optional", z.string().optional(), "text?"],
    ["nullish", z.int().nullish(), "bigint?"],
    ["with a default", z.number().default(3), "double"],
    ["with a fallback", z.number().catch(3), "double"],
    ["nested object", z.object({ x: z.number() }), "json"],
    ["list", z.array(z.string()), "json"],
    ["tuple", z.tuple([z.string()]), "json"],
    ["record", z.record(z.string(), z.number()), "json"],
    ["numbers of two kinds", z.union([z.int(), z.number()]), "double"],
    ["text or number", z.union([z.string(), z.number()]), "text"],
    ["Date or text", z.union([z.date(), z.string()]), "text"],
    ["text or object", z.union([z.string(), z.object({ a: z.string() })]), null],
    ["objects", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), "json"],
    ["intersection", z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })), "json"],
    ["brand, readonly, lazy", z.lazy(() => z.string().brand("id").readonly()), "text"],
    ["with an id", z.string().meta({ id: "described-hints-id" }), "text"],
    ["transformed to what cannot be told", z.string().transform((text) => text.length), null],
    ["transformed and checked again", z.string().pipe(z.coerce.number()), "double"],
    ["preprocessed", z.preprocess((value) => value, z.int()), "bigint"],
    ["codec", z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: String }), "timestamp"],
    ["text as boolean", z.stringbool(), "bool"],
    ["anything", z.any(), null],
    ["unknown", z.unknown(), null],
    ["an instance", z.instanceof(Uint8Array), null],
    ["null", z.null(), null],
    ["undefined", z.undefined(), null],
    ["never", z.never().optional(), null],
    ["Map", z.map(z.string(), z.string()), null],
  ])("%s", (_, field, expected) => {
    const described = columnsOf(z.object({ id: z.int(), field }));
    expect(described).toEqual({ id: "bigint", ...(expected !== null && { field: expected }) });
  });

  test("a description becomes that of the column, a greatest length no precision, as in Python", () => {
    const schema = z.object({ name: z.string().max(10).describe("As on the passport") });
    expect(describedHints({ columns: schema }).columns).toEqual([
      { name: "name", dataType: "text", nullable: false, description: "As on the passport" },
    ]);
  });

  test("a schema that holds itself", () => {
    const category = z.object({
      name: z.string(),
      get children() {
        return z.array(category);
      },
      get parent() {
        return category.optional();
      },
    });
    expect(columnsOf(category)).toEqual({ name: "text", children: "json", parent: "json?" });
    expect(columnsOf(category, { skipNestedTypes: true })).toEqual({ name: "text", parent__name: "text?" });
  });
});

describe("valibot", () => {
  test.each<[string, v.GenericSchema, string | null]>([
    ["integer", v.pipe(v.number(), v.integer()), "bigint"],
    ["number", v.number(), "double"],
    ["text", v.pipe(v.string(), v.maxLength(10), v.trim(), v.toLowerCase()), "text"],
    ["boolean", v.boolean(), "bool"],
    ["big integer", v.bigint(), "bigint"],
    ["Date", v.date(), "timestamp"],
    ["Date with a bound", v.pipe(v.date(), v.minValue(new Date(0))), "timestamp"],
    ["text to Date", v.pipe(v.string(), v.toDate()), "timestamp"],
    ["text to number", v.pipe(v.string(), v.toNumber()), "double"],
    ["text to big integer", v.pipe(v.string(), v.toBigint()), "bigint"],
    ["timestamp", v.pipe(v.string(), v.isoTimestamp()), "timestamp"],
    ["date-time", v.pipe(v.string(), v.isoDateTime()), "timestamp"],
    ["date", v.pipe(v.string(), v.isoDate()), "date"],
    ["time", v.pipe(v.string(), v.isoTime()), "time"],
    ["time with seconds", v.pipe(v.string(), v.isoTimeSecond()), "time"],
    ["email", v.pipe(v.string(), v.email()), "text"],
    ["uuid", v.pipe(v.string(), v.uuid()), "text"],
    ["base64", v.pipe(v.string(), v.base64()), "binary"],
    ["picklist", v.picklist(["a", "b"]), "text"],
    ["enum", v.enum(Color), "text"],
    ["literal", v.literal(5), "bigint"],
    ["nullable", v.nullable(v.string()), "text?"],
    ["optional", v.optional(v.string()), "text?"],
    ["nullish", v.nullish(v.number()), "double?"],
    ["nested object", v.object({ x: v.number() }), "json"],
    ["list", v.array(v.string()), "json"],
    ["record", v.record(v.string(), v.number()), "json"],
    ["text or number", v.union([v.string(), v.number()]), "text"],
    ["lazy", v.lazy(() => v.string()), "text"],
    [
      "transformed to what cannot be told",
      v.pipe(
        v.string(),
        v.transform((text) => text.length),
      ),
      null,
    ],
    ["transformed and checked again", v.pipe(v.string(), v.transform(Number), v.number()), "double"],
    [
      "with a check of one's own",
      v.pipe(
        v.string(),
        v.check((text) => text !== ""),
      ),
      "text",
    ],
    ["anything", v.any(), null],
    ["an instance", v.instance(Uint8Array), null],
  ])("%s", (_, field, expected) => {
    const schema = v.object({ id: v.pipe(v.number(), v.integer()), field });
    expect(columnsOf(toStandardJsonSchema(schema))).toEqual({
      id: "bigint",
      ...(expected !== null && { field: expected }),
    });
  });

  test("without the converter rows are only checked", () => {
    expect(columnsOf(v.object({ id: v.number() }))).toEqual({});
  });

  test("a description", () => {
    const schema = v.object({ name: v.pipe(v.string(), v.description("Given name")) });
    expect(describedHints({ columns: toStandardJsonSchema(schema) }).columns).toEqual([
      { name: "name", dataType: "text", nullable: false, description: "Given name" },
    ]);
  });

  test("fields of schemas that are intersected", () => {
    const schema = v.intersect([v.object({ a: v.number() }), v.object({ b: v.optional(v.string()) })]);
    expect(columnsOf(toStandardJsonSchema(schema))).toEqual({ a: "double", b: "text?" });
  });
});

test("arktype", () => {
  const schema = type({
    integer: "number.integer",
    number: "number",
    text: "string <= 10",
    boolean: "boolean",
    big: "bigint",
    date: "Date",
    recent: "Date > d'2020-01-01'",
    parsed: "string.date.parse",
    day: "string.date.iso",
    email: "string.email",
    uuid: "string.uuid",
    choice: "'a' | 'b'",
    five: "5",
    nullable: "string | null",
    "optional?": "string",
    withDefault: "number = 3",
    object: { x: "number" },
    list: "string[]",
    either: "string | number",
    length: type("string").pipe((text) => text.length),
    checked: type("string").pipe(Number, type("number")),
    any: "unknown",
    instance: type.instanceOf(Uint8Array),
  });
  expect(columnsOf(schema)).toEqual({
    integer: "bigint",
    number: "double",
    text: "text",
    boolean: "bool",
    big: "bigint",
    date: "timestamp",
    recent: "timestamp",
    parsed: "timestamp",
    day: "text",
    email: "text",
    uuid: "text",
    choice: "text",
    five: "bigint",
    nullable: "text?",
    optional: "text?",
    withDefault: "double",
    object: "json",
    list: "json",
    either: "text",
    checked: "double",
  });
  const named = type({ name: type("string").describe("Given name") });
  expect(describedHints({ columns: named }).columns).toEqual([
    { name: "name", dataType: "text", nullable: false, description: "Given name" },
  ]);
});

describe("any JSON Schema", () => {
  test("what is not told, or cannot be followed, has no column", () => {
    const properties = {
      elsewhere: { $ref: "https://example.com/schema.json" },
      nowhere: { $ref: "#/$defs/missing" },
      circle: { $ref: "#/$defs/a" },
      anything: true,
      odd: { type: "colour" },
      escaped: { $ref: "#/$defs/a~1b%20c", description: "Beside the reference" },
      inherited: { $ref: "#/$defs/constructor" },
    };
    const $defs = { a: { $ref: "#/$defs/a" }, "a/b c": { type: "integer", description: "At its target" } };
    expect(describedHints({ columns: schemaOf({ type: "object", properties, $defs }) }).columns).toEqual([
      { name: "escaped", dataType: "bigint", nullable: true, description: "Beside the reference" },
    ]);
  });

  test("of an older library that cannot describe a type, nothing", () => {
    const schema = schemaOf({});
    Object.assign(schema["~standard"], {
      jsonSchema: {
        output: () => {
          throw new Error("Date cannot be represented");
        },
      },
    });
    expect(describedHints({ columns: schema })).toMatchObject({ columns: [], schemaContract: { columns: "evolve" } });
  });
});

describe("without a contract", () => {
  const evolving = { tables: "evolve", columns: "evolve", dataType: "freeze" };
  const stripping = { ...evolving, columns: "discard_value" };
  const strict = { ...evolving, columns: "freeze" };
  const number = v.number();

  test.each<[string, Schema, object]>([
    ["zod object", z.object({ a: z.int() }), stripping],
    ["zod strictObject", z.strictObject({ a: z.int() }), strict],
    ["zod looseObject", z.looseObject({ a: z.int() }), evolving],
    ["zod catchall", z.object({ a: z.int() }).catchall(z.int()), evolving],
    ["valibot object", toStandardJsonSchema(v.object({ a: number })), stripping],
    ["valibot strictObject", toStandardJsonSchema(v.strictObject({ a: number })), strict],
    ["valibot looseObject", toStandardJsonSchema(v.looseObject({ a: number })), evolving],
    ["valibot objectWithRest", toStandardJsonSchema(v.objectWithRest({ a: number }, number)), evolving],
    ["arktype", type({ a: "number" }), evolving],
    ["arktype that deletes", type({ "+": "delete", a: "number" }), stripping],
    ["arktype that rejects", type({ "+": "reject", a: "number" }), strict],
  ])("%s decides about unknown fields", (_, schema, expected) => {
    expect(contractOf(schema)).toEqual(expected);
  });

  test("fields without a known type get their columns whenever they have values", () => {
    expect(contractOf(z.object({ a: z.int(), b: z.any() }))).toEqual(evolving);
    expect(contractOf(z.object({ a: z.int() }).transform((row) => ({ ...row, b: 1 })))).toEqual(evolving);
    expect(
      describedHints({ columns: z.object({ a: z.array(z.int()) }), skipNestedTypes: true }).schemaContract,
    ).toEqual(evolving);
    expect(contractOf(v.object({ a: number }))).toEqual(evolving);
  });

  test("a contract that is given holds", () => {
    const schemaContract: SchemaContractHint = { columns: "discard_rows" };
    expect(describedHints({ columns: z.object({ a: z.any() }), schemaContract }).schemaContract).toBe(schemaContract);
  });
});

test("where values that do not fit may come in, columns may be null", () => {
  const schema = z.object({ id: z.int(), name: z.string().nullable() });
  const { columns } = describedHints({ columns: schema, schemaContract: { dataType: "evolve" } });
  expect(columns).toEqual([
    { name: "id", dataType: "bigint" },
    { name: "name", dataType: "text" },
  ]);
});

describe("nested types", () => {
  const place = z.object({ city: z.string(), at: z.object({ lat: z.number(), lon: z.number() }).optional() });
  const schema = z.object({ id: z.int(), place, tags: z.array(z.string()), more: z.record(z.string(), z.int()) });

  test("are JSON", () => {
    expect(columnsOf(schema)).toEqual({ id: "bigint", place: "json", tags: "json", more: "json" });
  });

  test("are columns of their own with `skipNestedTypes`; lists and records have none", () => {
    expect(columnsOf(schema, { skipNestedTypes: true })).toEqual({
      id: "bigint",
      place__city: "text",
      place__at__lat: "double?",
      place__at__lon: "double?",
    });
  });
});

describe("alternatives of rows", () => {
  const created = { type: z.literal("created"), id: z.int(), at: z.date() };
  const renamed = { type: z.literal("renamed"), id: z.int(), name: z.string() };
  const events = z.discriminatedUnion("type", [z.object(created), z.object(renamed)]);

  test("give all their columns", () => {
    expect(columnsOf(events)).toEqual({ type: "text", id: "bigint", at: "timestamp?", name: "text?" });
    expect(contractOf(events)).toMatchObject({ columns: "discard_value" });
    expect(contractOf(z.union([z.strictObject(created), z.strictObject(renamed)]))).toMatchObject({
      columns: "freeze",
    });
    const either = v.variant("type", [
      v.object({ type: v.literal("a"), a: v.number() }),
      v.object({ type: v.literal("b"), b: v.string() }),
    ]);
    expect(columnsOf(toStandardJsonSchema(either))).toEqual({ type: "text", a: "double?", b: "text?" });
    expect(columnsOf(type({ type: "'a'", a: "number" }).or({ type: "'b'", b: "string" }))).toEqual({
      type: "text",
      a: "double?",
      b: "text?",
    });
  });

  test("give each table its own, where the table depends on the row", () => {
    const { columns } = describedHints({ columns: events, tableName: ({ type }: { type: string }) => type });
    const ofRow = columns as (row: unknown) => Hints["columns"];
    expect(shortened(ofRow({ type: "created", id: 1 }))).toEqual({ type: "text", id: "bigint", at: "timestamp" });
    expect(shortened(ofRow({ type: "renamed" }))).toEqual({ type: "text", id: "bigint", name: "text" });
    expect(ofRow({ type: "created" })).toBe(ofRow({ type: "created" }));
    expect(shortened(ofRow({ type: "other" }))).toEqual(columnsOf(events));
  });
});

describe("hints on top of a schema", () => {
  const schema = z.object({ id: z.int(), name: z.string(), price: z.number() });
  const expected = { id: "bigint", name: "text", price: "decimal" };
  const override = { price: { dataType: "decimal", precision: 10, scale: 2 } } as const;

  test("are added, and the schema stays", () => {
    const hints = mergeHints({ columns: schema }, { columns: override });
    expect((hints.columns as Schema)["~standard"]).toBe(schema["~standard"]);
    expect(describedHints(hints).columns).toEqual([
      { name: "id", dataType: "bigint", nullable: false },
      { name: "name", dataType: "text", nullable: false },
      { name: "price", dataType: "decimal", precision: 10, scale: 2, nullable: false },
    ]);
    const more = mergeHints(hints, { columns: [{ name: "name", precision: 40 }], schemaContract: "evolve" });
    expect(shortened(describedHints(more).columns)).toEqual({ id: "bigint", name: "text", price: "decimal" });
    expect(describedHints(more).columns).toContainEqual({ name: "name", dataType: "text", precision: 40 });
  });

  test("a schema on top of hints wins for its columns, and on top of a schema takes its place", () => {
    const below = { note: { dataType: "text" }, price: { dataType: "text", precision: 3 } } as const;
    const hints = mergeHints({ columns: below }, { columns: schema });
    expect(shortened(describedHints(hints).columns)).toEqual({
      note: "text",
      price: "double",
      id: "bigint",
      name: "text",
    });
    const next = z.object({ id: z.string() });
    const replaced = mergeHints(mergeHints({ columns: schema }, { columns: override }), { columns: next });
    expect((replaced.columns as Schema)["~standard"]).toBe(next["~standard"]);
    expect(shortened(describedHints(replaced).columns)).toEqual({ ...expected, id: "text" });
  });

  test("no columns take the schema away, and so do columns that depend on the row", () => {
    const hints = { columns: schema, tableName: () => "t" };
    expect(describedHints(mergeHints(hints, { columns: {} }))).toEqual({ columns: {}, tableName: hints.tableName });
    const byRow = (): { id: { dataType: "text" } } => ({ id: { dataType: "text" } });
    expect(mergeHints(hints, { columns: byRow }).columns).toBe(byRow);
  });

  test("an arktype is a function, and no function of the row", () => {
    const hints = mergeHints({ columns: type({ id: "number" }) }, { columns: { id: { precision: 5 } } });
    expect(describedHints(hints).columns).toEqual([{ name: "id", dataType: "double", nullable: false, precision: 5 }]);
  });
});
