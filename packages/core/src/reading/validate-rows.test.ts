import { describe, expect, test } from "vitest";
import { resource } from "../authoring/resource.js";
import { describedHints } from "../authoring/row-schema.js";
import type { SchemaContractHint } from "../contract/hints.js";
import type { StandardIssue, StandardSchemaV1 } from "../contract/standard-schema.js";
import { plainEnvironment } from "./environment.js";
import { readItems } from "./read-items.js";

interface User {
  readonly id: number;
  readonly email?: string;
}

/** A schema as the libraries make them: of an object with `id` and perhaps `email`; other fields are taken away, or refused. */
function userSchema({
  unknown = "strip",
  later = false,
}: {
  readonly unknown?: "strip" | "zod" | "valibot";
  readonly later?: boolean;
} = {}): StandardSchemaV1<unknown, User> {
  const validate = (value: unknown): { readonly value: User } | { readonly issues: readonly StandardIssue[] } => {
    const { id, email, ...rest } = value as Readonly<Record<string, unknown>>;
    const issues: StandardIssue[] = [];
    if (typeof id !== "number") issues.push({ message: `got ${String(id)}`, path: ["id"] });
    if (email !== undefined && typeof email !== "string") issues.push({ message: "no text", path: [{ key: "email" }] });
    const keys = Object.keys(rest);
    if (unknown === "zod" && keys.length > 0)
      issues.push({ message: "unknown", path: [], code: "unrecognized_keys", keys } as StandardIssue);
    if (unknown === "valibot" && keys[0] !== undefined)
      issues.push({ message: "unknown", path: [{ key: keys[0] }], type: "strict_object" } as StandardIssue);
    return issues.length > 0
      ? { issues }
      : { value: { id: id as number, ...(email !== undefined && { email: email as string }) } };
  };
  return { "~standard": { version: 1, vendor: "test", validate: later ? async (value) => validate(value) : validate } };
}

async function read(
  rows: readonly unknown[],
  schema: StandardSchemaV1<unknown, User>,
  schemaContract?: SchemaContractHint,
): Promise<unknown[]> {
  const made = resource({ name: "users", columns: schema, ...(schemaContract && { schemaContract }) }, () => [rows]);
  const result: unknown[] = [];
  for await (const item of readItems(made, { ...plainEnvironment(new AbortController().signal), source: "src" })) {
    if (item.kind === "rows") result.push(...item.rows);
  }
  return result;
}

const good = { id: 1, email: "a@b.org" };
const extra = { id: 2, more: true };
const wrong = { id: "3" };

describe.each([
  ["takes unknown fields away", "strip"],
  ["refuses them as zod does", "zod"],
  ["refuses them as valibot does", "valibot"],
] as const)("a schema that %s", (_, unknown) => {
  const schema = userSchema({ unknown });

  test("by default leaves unknown fields out and refuses wrong values", async () => {
    expect(await read([good, extra], schema)).toEqual([good, { id: 2 }]);
    await expect(read([good, wrong], schema)).rejects.toMatchObject({
      code: "SCHEMA_CONTRACT_DATA_TYPE",
      context: { source: "src", resource: "users", step: "validate (step 1)", page: 1, row: 2, column: "id" },
    });
  });

  test.each<[SchemaContractHint, readonly unknown[]]>([
    ["evolve", [good, extra, wrong]],
    [{ dataType: "discard_row" }, [good, extra]],
    [{ columns: "discard_rows", dataType: "discard_rows" }, [good]],
    [{ columns: "discard_columns" }, [good, { id: 2 }, wrong]],
  ])("under %j", async (contract, expected) => {
    expect(await read([good, extra, wrong], schema, contract)).toEqual(expected);
  });

  test("names a frozen field, and not its value", async () => {
    const error: unknown = await read([good, extra], schema, { columns: "freeze" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "SCHEMA_CONTRACT_COLUMN",
      name: "SchemaContractError",
      context: { row: 2, column: "more" },
    });
    expect(String(error)).toContain("Column `more` not found in the schema");
  });
});

test("an asynchronous schema is waited for", async () => {
  expect(await read([good, extra], userSchema({ later: true }))).toEqual([good, { id: 2 }]);
});

test("the schema comes after the steps of the author", async () => {
  const made = resource({ name: "users", columns: userSchema() }, () => [[wrong]]).addMap((row) => ({
    id: Number(row.id),
  }));
  const rows: unknown[] = [];
  for await (const row of made) rows.push(row);
  expect(rows).toEqual([{ id: 3 }]);
});

test("single values of a row cannot be left out by a schema", () => {
  const make = (): unknown =>
    resource({ name: "users", columns: userSchema(), schemaContract: "discard_value" }, () => []);
  expect(make).toThrow(expect.objectContaining({ code: "RESOURCE_OPTION_INVALID" }));
});

describe("columns of a schema", () => {
  const described = (properties: object, required: readonly string[] = []): unknown => {
    const jsonSchema = {
      output: ({ target }: { target: string }) => ({ type: "object", target, properties, required }),
    };
    const schema = {
      "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }), jsonSchema },
    } as const;
    return describedHints({ columns: schema }).columns;
  };

  test("come from its JSON Schema", () => {
    expect(
      described(
        {
          id: { type: "integer" },
          price: { type: "number" },
          name: { type: "string", format: "email" },
          at: { type: "string", format: "date-time" },
          day: { type: "string", format: "date" },
          hour: { type: "string", format: "time" },
          data: { type: "string", contentEncoding: "base64" },
          flag: { anyOf: [{ type: "boolean" }, { type: "null" }] },
          note: { type: ["string", "null"] },
          tags: { type: "array" },
          meta: { type: "object" },
          anything: {},
        },
        ["id", "flag", "note"],
      ),
    ).toEqual([
      { name: "id", dataType: "bigint", nullable: false },
      { name: "price", dataType: "double", nullable: true },
      { name: "name", dataType: "text", nullable: true },
      { name: "at", dataType: "timestamp", nullable: true },
      { name: "day", dataType: "date", nullable: true },
      { name: "hour", dataType: "time", nullable: true },
      { name: "data", dataType: "binary", nullable: true },
      { name: "flag", dataType: "bool", nullable: true },
      { name: "note", dataType: "text", nullable: true },
      { name: "tags", dataType: "json", nullable: true },
      { name: "meta", dataType: "json", nullable: true },
    ]);
  });

  test("are none without one, or with one that cannot be made", () => {
    expect(describedHints({ columns: userSchema() })).toEqual({
      columns: [],
      schemaContract: { tables: "evolve", columns: "discard_value", dataType: "freeze" },
    });
    const failing = {
      output: () => {
        throw new Error("no JSON Schema");
      },
    };
    const schema = {
      "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }), jsonSchema: failing },
    } as const;
    expect(describedHints({ columns: schema, schemaContract: "evolve" })).toEqual({
      columns: [],
      schemaContract: "evolve",
    });
  });
});
