import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { withTableName } from "../authoring/marks.js";
import { resource } from "../authoring/resource.js";
import type { SchemaContractHint } from "../contract/hints.js";
import type { Rejection } from "../contract/normalizer.js";
import type { Resource } from "../contract/resource.js";
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
      issues.push({
        message: "unknown",
        path: [{ key: keys[0] }],
        type: "strict_object",
        expected: "never",
      } as StandardIssue);
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

  test("by default decides about unknown fields itself, and wrong values are refused", async () => {
    if (unknown === "strip") expect(await read([good, extra], schema)).toEqual([good, { id: 2 }]);
    else {
      await expect(read([good, extra], schema)).rejects.toMatchObject({
        code: "SCHEMA_CONTRACT_COLUMN",
        context: { row: 2, column: "more", mode: "freeze" },
      });
    }
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
    expect(String(error)).toContain(
      "Table `users`: column `more` not found in the schema of its rows. The contract is `columns: freeze`.",
    );
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

test("names the table that the hints or the mark of a page give", async () => {
  const columns = z.strictObject({ id: z.int() });
  const messageOf = async (made: Resource): Promise<string> => {
    try {
      for await (const _ of made);
    } catch (error) {
      return String(error);
    }
    throw new Error("No row was refused.");
  };
  const rows = [{ id: 1, more: true }];
  expect(await messageOf(resource({ name: "users", columns, tableName: "people" }, () => rows))).toContain(
    "Resource `users` failed in validate (step 1), row 1: Table `people`: column `more` not found in the schema",
  );
  const byRow = resource({ name: "users", columns, tableName: () => "people" }, () => rows);
  expect(await messageOf(byRow)).toContain("The table that the row goes to: column `more` not found in the schema");
  const marked = resource({ name: "users", columns }, () => [withTableName(rows, "admins")]);
  expect(await messageOf(marked)).toContain("Table `admins`: column `more` not found in the schema");
});

test("what is wrong with a row as a whole names no column", async () => {
  const made = resource({ name: "users", columns: z.object({ id: z.int() }) }, () => [["Ada"]]);
  await expect(
    (async () => {
      for await (const _ of made);
    })(),
  ).rejects.toThrow("Table `users`: a row does not fit the schema of its rows. The contract is `dataType: freeze`.");
});

test("applyHints gives a resource a schema, and another contract for it", async () => {
  const made = resource({ name: "users" }, () => [[{ id: "1" }, { id: 2, more: true }]]);
  const described = made.applyHints({ columns: z.object({ id: z.int() }) });
  const read = async (): Promise<unknown[]> => {
    const rows: unknown[] = [];
    for await (const row of described) rows.push(row);
    return rows;
  };
  await expect(read()).rejects.toMatchObject({ code: "SCHEMA_CONTRACT_DATA_TYPE" });
  described.applyHints({ columns: { id: { precision: 32 } }, schemaContract: { dataType: "discard_row" } });
  expect(await read()).toEqual([{ id: 2, more: true }]);
  described.applyHints({ schemaContract: { columns: "freeze" } });
  await expect(read()).rejects.toMatchObject({ code: "SCHEMA_CONTRACT_COLUMN" });
  described.applyHints({ columns: {} });
  expect(await read()).toEqual([{ id: "1" }, { id: 2, more: true }]);
  expect(() => described.applyHints({ columns: z.object({}), schemaContract: "discard_value" })).toThrow(
    expect.objectContaining({ code: "RESOURCE_OPTION_INVALID" }),
  );
});

test("each row is either read or rejected, in its order", async () => {
  const schema = z.strictObject({ id: z.int(), tags: z.array(z.string()) });
  const row = fc.record(
    { id: fc.oneof(fc.integer(), fc.string()), tags: fc.array(fc.oneof(fc.string(), fc.integer())), note: fc.string() },
    { requiredKeys: ["id", "tags"], noNullPrototype: true },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(row)), async (pages) => {
      const made = resource({ name: "users", columns: schema, schemaContract: "discard_row" }, () => pages);
      const rejected = new Map<unknown, string>();
      const reject = async (rows: readonly unknown[], { reason }: Rejection): Promise<void> => {
        for (const each of rows) rejected.set(each, reason);
      };
      const environment = { ...plainEnvironment(new AbortController().signal), reject };
      const kept: unknown[] = [];
      for await (const item of readItems(made, environment)) if (item.kind === "rows") kept.push(...item.rows);
      const all = pages.flat();
      expect(kept).toEqual(all.filter((each) => !rejected.has(each)));
      for (const [each, reason] of rejected) {
        expect(all).toContain(each);
        expect(schema.safeParse(each).success).toBe(false);
        expect(reason).toMatch(/^Table `users`: column `(?:id|tags\.\*|note)` /);
      }
    }),
  );
});
