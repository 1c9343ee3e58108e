import { isDeepStrictEqual } from "node:util";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rowContract } from "../authoring/row-schema/index.js";
import type { SchemaContractHint } from "../contract/hints.js";
import type { StandardSchemaV1 } from "../contract/standard-schema.js";
import { rowJudge } from "./judge-row.js";

type Schema = StandardSchemaV1<unknown, unknown>;

/** `id`, perhaps `email`, and `lines` of `sku` and `quantity`, with unknown fields treated as each library can. */
const email = z.string().optional();
const shapes = {
  id: v.number(),
  email: v.optional(v.string()),
  lines: (line: v.GenericSchema) => v.array(line),
};
const valibotLine = { sku: v.string(), quantity: v.number() };
const line = { sku: "string", quantity: "number" } as const;
const user = { id: "number", "email?": "string" } as const;
const stripping: Record<string, Schema> = {
  "zod object": z.object({
    id: z.number(),
    email,
    lines: z.array(z.object({ sku: z.string(), quantity: z.number() })),
  }),
  "valibot object": toStandardJsonSchema(v.object({ ...shapes, lines: shapes.lines(v.object(valibotLine)) })),
  "arktype that deletes": type({ "+": "delete", ...user, lines: type({ "+": "delete", ...line }).array() }),
};
const strict: Record<string, Schema> = {
  "zod strictObject": z.strictObject({
    id: z.number(),
    email,
    lines: z.array(z.strictObject({ sku: z.string(), quantity: z.number() })),
  }),
  "valibot strictObject": toStandardJsonSchema(
    v.strictObject({ ...shapes, lines: shapes.lines(v.strictObject(valibotLine)) }),
  ),
  "arktype that rejects": type({ "+": "reject", ...user, lines: type({ "+": "reject", ...line }).array() }),
};
const loose: Record<string, Schema> = {
  "zod looseObject": z.looseObject({
    id: z.number(),
    email,
    lines: z.array(z.looseObject({ sku: z.string(), quantity: z.number() })),
  }),
  "valibot looseObject": toStandardJsonSchema(
    v.looseObject({ ...shapes, lines: shapes.lines(v.looseObject(valibotLine)) }),
  ),
  "arktype that ignores": type({ "+": "ignore", ...user, lines: type({ "+": "ignore", ...line }).array() }),
};
const schemas = Object.entries({ ...stripping, ...strict, ...loose });

const fit = { id: 1, email: "a@b.org", lines: [{ sku: "A1", quantity: 2 }] };
const extra = { ...fit, phone: "123" };
const extraBelow = {
  id: 1,
  lines: [
    { sku: "A1", quantity: 2 },
    { sku: "B7", quantity: 1, color: "red" },
  ],
};
const wrong = { id: "1", lines: [] };
const wrongBelow = { id: 1, lines: [{ sku: 7, quantity: 1 }] };
const both = { id: "1", phone: "123", lines: [] };

/** `kept`, `columns <path>` or `dataType <path>` where it is discarded, with `!` where it is refused; the row when it was changed. */
async function judged(schema: Schema, contract: SchemaContractHint | undefined, row: unknown): Promise<unknown> {
  const made = rowContract({ columns: schema, ...(contract !== undefined && { schemaContract: contract }) });
  if (made === null) throw new TypeError("Expected a schema.");
  const before = structuredClone(row);
  const verdict = await rowJudge(made)(row);
  expect(row).toEqual(before);
  if (verdict.kind === "kept") return isDeepStrictEqual(verdict.row, row) ? "kept" : verdict.row;
  const { entity, path } = verdict.violation;
  return `${entity} ${path.join(".")}${verdict.kind === "refused" ? "!" : ""}`;
}

const without = {
  phone: fit,
  color: {
    id: 1,
    lines: [
      { sku: "A1", quantity: 2 },
      { sku: "B7", quantity: 1 },
    ],
  },
};

describe.each(schemas)("a contract holds for a %s", (_, schema) => {
  test.each<[SchemaContractHint, Record<string, unknown>]>([
    ["evolve", { extra: "kept", extraBelow: "kept", wrong: "kept", wrongBelow: "kept", both: "kept" }],
    [
      "freeze",
      {
        extra: "columns phone!",
        extraBelow: "columns lines.1.color!",
        wrong: "dataType id!",
        wrongBelow: "dataType lines.0.sku!",
        both: "columns phone!",
      },
    ],
    [
      "discard_row",
      {
        extra: "columns phone",
        extraBelow: "columns lines.1.color",
        wrong: "dataType id",
        wrongBelow: "dataType lines.0.sku",
        both: "columns phone",
      },
    ],
    [
      "discard_rows",
      {
        extra: "columns phone",
        extraBelow: "columns lines.1.color",
        wrong: "dataType id",
        wrongBelow: "dataType lines.0.sku",
        both: "columns phone",
      },
    ],
    [
      { columns: "freeze" },
      {
        extra: "columns phone!",
        extraBelow: "columns lines.1.color!",
        wrong: "kept",
        wrongBelow: "kept",
        both: "columns phone!",
      },
    ],
    [
      { columns: "discard_row" },
      {
        extra: "columns phone",
        extraBelow: "columns lines.1.color",
        wrong: "kept",
        wrongBelow: "kept",
        both: "columns phone",
      },
    ],
    [
      { columns: "discard_value" },
      { extra: without.phone, extraBelow: without.color, wrong: "kept", wrongBelow: "kept", both: wrong },
    ],
    [
      { columns: "discard_columns" },
      { extra: without.phone, extraBelow: without.color, wrong: "kept", wrongBelow: "kept", both: wrong },
    ],
    [
      { dataType: "freeze" },
      {
        extra: "kept",
        extraBelow: "kept",
        wrong: "dataType id!",
        wrongBelow: "dataType lines.0.sku!",
        both: "dataType id!",
      },
    ],
    [
      { dataType: "discard_row" },
      {
        extra: "kept",
        extraBelow: "kept",
        wrong: "dataType id",
        wrongBelow: "dataType lines.0.sku",
        both: "dataType id",
      },
    ],
    [
      { columns: "discard_value", dataType: "freeze" },
      {
        extra: without.phone,
        extraBelow: without.color,
        wrong: "dataType id!",
        wrongBelow: "dataType lines.0.sku!",
        both: "dataType id!",
      },
    ],
    [
      { columns: "discard_value", dataType: "discard_rows" },
      {
        extra: without.phone,
        extraBelow: without.color,
        wrong: "dataType id",
        wrongBelow: "dataType lines.0.sku",
        both: "dataType id",
      },
    ],
    [
      { columns: "freeze", dataType: "discard_row" },
      {
        extra: "columns phone!",
        extraBelow: "columns lines.1.color!",
        wrong: "dataType id",
        wrongBelow: "dataType lines.0.sku",
        both: "columns phone!",
      },
    ],
    [
      { columns: "discard_row", dataType: "freeze" },
      {
        extra: "columns phone",
        extraBelow: "columns lines.1.color",
        wrong: "dataType id!",
        wrongBelow: "dataType lines.0.sku!",
        both: "dataType id!",
      },
    ],
    [{ tables: "freeze" }, { extra: "kept", extraBelow: "kept", wrong: "kept", wrongBelow: "kept", both: "kept" }],
  ])("%j", async (contract, expected) => {
    const rows = { extra, extraBelow, wrong, wrongBelow, both };
    const found: Record<string, unknown> = {};
    for (const [name, row] of Object.entries(rows)) found[name] = await judged(schema, contract, row);
    expect(found).toEqual(expected);
    expect(await judged(schema, contract, fit)).toBe("kept");
  });

  test.each([
    "discard_value",
    "discard_columns",
    { dataType: "discard_value" },
    { dataType: "discard_columns" },
  ] as const)("%j would leave out single values", (contract) => {
    expect(() => rowContract({ columns: schema, schemaContract: contract })).toThrow(
      expect.objectContaining({ code: "RESOURCE_OPTION_INVALID" }),
    );
  });
});

describe("without a contract the schema decides about unknown fields", () => {
  test.each(Object.entries(stripping))("%s leaves them out", async (_, schema) => {
    expect(await judged(schema, undefined, extra)).toEqual(without.phone);
    expect(await judged(schema, undefined, extraBelow)).toEqual(without.color);
    expect(await judged(schema, undefined, both)).toBe("dataType id!");
  });
  test.each(Object.entries(strict))("%s refuses them", async (_, schema) => {
    expect(await judged(schema, undefined, extra)).toBe("columns phone!");
    expect(await judged(schema, undefined, extraBelow)).toBe("columns lines.1.color!");
  });
  test.each(Object.entries(loose))("%s lets them in", async (_, schema) => {
    expect(await judged(schema, undefined, extra)).toBe("kept");
    expect(await judged(schema, undefined, extraBelow)).toBe("kept");
    expect(await judged(schema, undefined, both)).toBe("dataType id!");
  });
});

describe("unknown fields are told from known ones", () => {
  const rename = z.preprocess((row) => ({ id: (row as { ID?: unknown }).ID }), z.object({ id: z.int() }));
  const frozen = { columns: "freeze" } as const;

  test.each<[string, Schema, unknown, SchemaContractHint | undefined, unknown]>([
    [
      "a field that is renamed is known",
      z.object({ a: z.int() }).transform(({ a }) => ({ b: a })),
      { a: 1 },
      frozen,
      { b: 1 },
    ],
    [
      "one beside it is not",
      z.object({ a: z.int() }).transform(({ a }) => ({ b: a })),
      { a: 1, c: 2 },
      frozen,
      "columns c!",
    ],
    [
      "what is passed on by a loose object is not",
      z.looseObject({ a: z.int() }).transform((row) => row),
      { a: 1, c: 2 },
      frozen,
      "columns c!",
    ],
    ["fields are renamed before they are looked at", rename, { ID: 1 }, undefined, { id: 1 }],
    ["also where unknown ones are left out", rename, { ID: 1 }, { columns: "discard_value" }, { id: 1 }],
    ["fields of a record are known", z.object({ a: z.record(z.string(), z.int()) }), { a: { x: 1 } }, frozen, "kept"],
    [
      "fields of their values are not",
      z.object({ a: z.record(z.string(), z.object({ b: z.int() })) }),
      { a: { x: { b: 1, c: 2 } } },
      frozen,
      "columns a.x.c!",
    ],
    ["of anything, anything is", z.object({ a: z.any() }), { a: { x: [{ y: 1 }] } }, frozen, "kept"],
    ["others that are described are known", z.object({ a: z.int() }).catchall(z.int()), { a: 1, b: 2 }, frozen, "kept"],
    ["patterns of names are known", type({ a: "number", "[/^x-/]": "string" }), { a: 1, "x-b": "c" }, frozen, "kept"],
    [
      "fields of one alternative are known",
      z.object({ a: z.union([z.object({ b: z.int() }), z.object({ c: z.int() })]) }),
      { a: { c: 1 } },
      frozen,
      "kept",
    ],
    [
      "fields of none are not",
      z.object({ a: z.union([z.object({ b: z.int() }), z.string()]) }),
      { a: { b: 1, d: 2 } },
      frozen,
      "columns a.d!",
    ],
    [
      "fields of a refused alternative are taken out",
      z.object({ a: z.union([z.strictObject({ b: z.int() }), z.string()]) }),
      { a: { b: 1, d: 2 } },
      { columns: "discard_value", dataType: "freeze" },
      { a: { b: 1 } },
    ],
    [
      "fields of all parts of an intersection are known",
      toStandardJsonSchema(v.intersect([v.object({ a: v.number() }), v.object({ b: v.number() })])),
      { a: 1, b: 2 },
      frozen,
      "kept",
    ],
    [
      "and others are not",
      toStandardJsonSchema(v.intersect([v.object({ a: v.number() }), v.object({ b: v.number() })])),
      { a: 1, b: 2, c: 3 },
      frozen,
      "columns c!",
    ],
    [
      "those of a tuple's elements too",
      z.object({ a: z.tuple([z.object({ b: z.int() })]) }),
      { a: [{ b: 1, c: 2 }] },
      frozen,
      "columns a.0.c!",
    ],
    [
      "a schema that holds itself",
      selfHolding(),
      { id: 1, below: [{ id: 2, below: [{ id: 3, below: [], odd: 1 }] }] },
      frozen,
      "columns below.0.below.0.odd!",
    ],
    [
      "an object that becomes another value",
      z.object({ a: z.object({ x: z.int() }).transform(({ x }) => x) }),
      { a: { x: 1, y: 2 } },
      frozen,
      "columns a.y!",
    ],
    [
      "without a JSON Schema, what is left out",
      v.object({ a: v.object({ x: v.number() }) }),
      { a: { x: 1, y: 2 } },
      frozen,
      "columns a.y!",
    ],
    [
      "or what is refused",
      v.strictObject({ a: v.number() }),
      { a: 1, b: 2, c: 3 },
      { columns: "discard_value" },
      { a: 1 },
    ],
    ["but not what is passed on", v.looseObject({ a: v.number() }), { a: 1, b: 2 }, frozen, "kept"],
  ])("%s", async (_, schema, row, contract, expected) => {
    expect(await judged(schema, contract, row)).toEqual(expected);
  });
});

function selfHolding(): Schema {
  const node = z.object({
    id: z.int(),
    get below() {
      return z.array(node);
    },
  });
  return node;
}

test("values that the schema makes come in with unknown fields", async () => {
  const schema = z.strictObject({
    at: z.codec(z.iso.datetime(), z.date(), { decode: (text) => new Date(text), encode: String }),
    n: z.number().default(3),
  });
  const row = { at: "2026-01-05T06:00:00Z", more: true };
  expect(await judged(schema, "evolve", row)).toEqual({ at: new Date("2026-01-05T06:00:00Z"), n: 3, more: true });
});

test("schemas that ask elsewhere are waited for", async () => {
  const taken = new Set(["a@b.org"]);
  const schema = z.object({ id: z.int(), email: z.string().refine(async (text) => !taken.has(text)) });
  const rule = { columns: "discard_value", dataType: "discard_row" } as const;
  expect(await judged(schema, rule, { id: 1, email: "c@d.org", phone: "1" })).toEqual({ id: 1, email: "c@d.org" });
  expect(await judged(schema, rule, { id: 2, email: "a@b.org" })).toBe("dataType email");
  const strictly = v.strictObjectAsync({
    id: v.pipeAsync(
      v.number(),
      v.checkAsync(async (id) => id > 0),
    ),
  });
  expect(await judged(strictly, rule, { id: 1, a: 1, b: 2 })).toEqual({ id: 1 });
  expect(await judged(strictly, rule, { id: 0, a: 1, b: 2 })).toBe("dataType id");
});

test("a row that is no object does not fit", async () => {
  expect(await judged(z.object({ id: z.int() }), { dataType: "discard_row" }, 7)).toBe("dataType ");
});

describe("laws", () => {
  const known = fc.record(
    {
      id: fc.double({ noNaN: true, noDefaultInfinity: true }),
      email: fc.string(),
      lines: fc.array(fc.record({ sku: fc.string(), quantity: fc.integer() }, { noNullPrototype: true })),
    },
    { requiredKeys: ["id", "lines"], noNullPrototype: true },
  );
  const more = fc.dictionary(fc.constantFrom("phone", "constructor", "__proto__", "x"), fc.jsonValue(), {
    noNullPrototype: true,
  });
  const anyRow = fc
    .tuple(known, more, fc.constantFrom({}, { id: "no number" }, { email: 5 }))
    .map(([row, others, odd]) => ({ ...others, ...row, ...odd }));
  const modes = ["evolve", "freeze", "discard_row", "discard_value"] as const;
  const contracts = fc.record({
    columns: fc.constantFrom(...modes),
    dataType: fc.constantFrom("evolve", "freeze", "discard_row"),
  });

  test.each(schemas)("%s: rows that fit pass as they are, whatever the contract", async (_, schema) => {
    await fc.assert(
      fc.asyncProperty(known, contracts, async (row, contract) => {
        expect(await judged(schema, contract as SchemaContractHint, row)).toBe("kept");
      }),
    );
  });

  test("what becomes of a row does not depend on the library", async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, contracts, async (row, contract) => {
        const verdicts = await Promise.all(
          schemas.map(([, schema]) => judged(schema, contract as SchemaContractHint, row)),
        );
        for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0]);
      }),
    );
  });

  test("what is kept fits, unless the contract lets something in", async () => {
    await fc.assert(
      fc.asyncProperty(anyRow, fc.constantFrom(...schemas), async (row, [, schema]) => {
        const kept = await judged(schema, { columns: "discard_value", dataType: "discard_row" }, row);
        if (typeof kept === "string") expect(kept).toMatch(/^(?:kept|dataType)/);
        else expect(await judged(schema, "freeze", kept)).toBe("kept");
      }),
    );
  });
});
