import { expect, test } from "vitest";
import { inherited, inheritedNames } from "../../test/prototypes.js";
import { formatSchema } from "./format-schema.js";
import { newSchema } from "./new-schema.js";
import { parseSchema } from "./parse-schema.js";
import { sameValue } from "./same-value.js";

/** A schema document with tables, as text. */
function documentWith(tables: string): string {
  const document = formatSchema(newSchema("src"));
  return document.replace('"tables":{', `"tables":{${tables},`);
}
const refusal = expect.objectContaining({ code: "SCHEMA_DOCUMENT_INVALID" });

test.each(inheritedNames)("`%s` is a name of tables, columns and hints of adapters", (name) => {
  const before = inherited();
  const text = documentWith(
    `"${name}":{"columns":{"${name}":{"data_type":"text","nullable":true,"x-${name}":{"${name}":1}}},"x-hint":{"${name}":{"a":1}}}`,
  );
  const schema = parseSchema(text);
  expect(schema.tables.get(name)?.columns.get(name)?.dataType).toBe("text");
  expect(parseSchema(formatSchema(schema)).tables.get(name)).toEqual(schema.tables.get(name));
  expect(formatSchema(schema)).toContain(`"x-hint":{"${name}":{"a":1}}`);
  expect(inherited()).toEqual(before);
});

test.each(inheritedNames)("`%s` is no property of tables and columns", (name) => {
  const before = inherited();
  const verified = (text: string) => () => parseSchema(text, { verify: true });
  expect(verified(documentWith(`"items":{"columns":{},"${name}":{"a":1}}`))).toThrow(refusal);
  expect(verified(documentWith(`"items":{"columns":{"a":{"${name}":{"a":1}}}}`))).toThrow(refusal);
  expect(verified(formatSchema(newSchema("src")).replace('"settings":{', `"settings":{"${name}":[],`))).toThrow(
    refusal,
  );
  expect(inherited()).toEqual(before);
});

test("hints may be nested as deep as they like", { timeout: 30_000 }, () => {
  const deep = `${'{"a":['.repeat(20_000)}1${"]}".repeat(20_000)}`;
  const text = documentWith(`"items":{"columns":{},"x-deep":${deep}}`);
  const [one, two] = [parseSchema(text), parseSchema(text)].map((schema) => schema.tables.get("items")?.["x-deep"]);
  expect(sameValue(one, two)).toBe(true);
  expect(formatSchema(parseSchema(text))).toContain(deep);
});
