import { expect, test } from "vitest";
import type { NamingRules } from "../contract/naming.js";
import { namingConvention } from "../naming/naming-convention.js";
import { bindSchema } from "./bind-schema.js";
import { formatSchema } from "./format-schema.js";
import { newSchema } from "./new-schema.js";
import { parseSchema } from "./parse-schema.js";
import { updateSchema } from "./update-schema.js";
import { updateTable } from "./update-table.js";
import { verifyConventions } from "./verify-conventions.js";

/** Upper case, with `X` where SQL needs quotes. */
const loud: NamingRules = {
  caseSensitive: false,
  separator: "__",
  normalize: (identifier) => identifier.toUpperCase().replace(/[^A-Z0-9_]/g, "X"),
};
const conventions = { loud };
const code = (code: string) => expect.objectContaining({ code });

test("a convention of one's own names tables, columns and what the library adds", () => {
  expect(() => verifyConventions(conventions)).not.toThrow();
  const schema = newSchema("shop", { names: "loud", conventions, maxIdentifierLength: 20 });
  expect(schema.normalizers.names).toBe("loud");
  expect([...schema.tables.keys()]).toEqual(["_DLT_VERSION", "_DLT_LOADS"]);
  expect(schema.system.id).toBe("_DLT_ID");
  expect(schema.settings.defaultHints?.["unique"]).toEqual(["_DLT_ID"]);
  expect(schema.naming.normalizePath("order items__unit price")).toHaveLength(20);
});

test("a stored schema is read where its convention is known, and only there", () => {
  const text = formatSchema(newSchema("shop", { names: "loud", conventions }));
  const schema = parseSchema(text, { conventions });
  expect(schema.naming.name).toBe("loud");
  const bound = bindSchema(schema, { maxIdentifierLength: 30 });
  expect(bound.naming.maxLength).toBe(30);
  const table = { name: "Order Items", columns: new Map([["unit price", { name: "unit price" }]]) };
  expect([...updateSchema(bound, updateTable(bound, table)).tables.keys()]).toContain("ORDERXITEMS");
  expect(() => parseSchema(text)).toThrow(code("NAMING_CONVENTION_UNKNOWN"));
  expect(() => parseSchema(text, { conventions: {} })).toThrow(/loud/);
});

test("a convention can have the name under which Python dlt imports its own", () => {
  const schema = newSchema("shop", {
    names: "my.naming.NamingConvention",
    conventions: { "my.naming.NamingConvention": loud },
  });
  expect(schema.normalizers.names).toBe("my.naming.NamingConvention");
  expect(schema.naming.normalizeIdentifier("a b")).toBe("AXB");
});

test("its own limit holds where the destination allows more", () => {
  const short = { ...loud, maxLength: 10 };
  expect(namingConvention("short", 60, { short }).normalizeIdentifier("abcdefghijklm")).toHaveLength(10);
  expect(namingConvention("short", null, { short }).maxLength).toBe(10);
  expect(() => namingConvention("short", 5, { short })).toThrow(code("NAMING_LENGTH_INVALID"));
});

test.each<[what: string, name: string, rules: NamingRules]>([
  ["takes a name of the library", "snake_case", loud],
  ["has no name", " ", loud],
  ["has no separator", "own", { ...loud, separator: "" }],
  ["goes on changing names", "own", { ...loud, normalize: (identifier) => identifier.replace("a", "aa") }],
  ["gives nothing for a name", "own", { ...loud, normalize: () => "" }],
  ["gives no text", "own", { ...loud, normalize: () => undefined as unknown as string }],
])("a convention that %s is refused", (_what, name, rules) => {
  expect(() => verifyConventions({ [name]: rules })).toThrow(code("NAMING_CONVENTION_INVALID"));
});

test("a convention that hides the prefix of system tables is refused", () => {
  const reversed = { ...loud, normalize: (identifier: string) => (identifier.startsWith("_dlt_v") ? "v" : identifier) };
  expect(() => verifyConventions({ reversed })).toThrow(code("SCHEMA_CORRUPTED"));
});
