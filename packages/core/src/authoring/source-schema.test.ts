import { describe, expect, expectTypeOf, it, test } from "vitest";
import type { SourceContext, SourceSchema } from "../contract/source.js";
import { newSchema } from "../schema/new-schema.js";
import { sourceDefinition } from "./brand.js";
import { resource } from "./resource.js";
import { setting } from "./settings.js";
import { source } from "./source.js";

/** The schema `shop` with what a source's function does to it. */
function changed(change: (schema: SourceSchema) => void, names = "snake_case") {
  const made = source({ name: "shop" }, (_config, _args, { schema }) => {
    change(schema);
    return [resource({ name: "items" }, () => [])];
  })();
  const { schemaChanges = [] } = sourceDefinition(made);
  return schemaChanges.reduce((schema, apply) => apply(schema), newSchema("shop", { names }));
}

test("type detections are added behind the others, once, and removed", () => {
  const added = changed((schema) => {
    schema.addTypeDetection("timestamp");
    schema.addTypeDetection("iso_timestamp");
  });
  expect(added.settings.detections).toEqual(["iso_timestamp", "timestamp"]);
  expect(changed((schema) => schema.removeTypeDetection("iso_timestamp")).settings.detections).toEqual([]);
});

test("names in rules are those of the convention that the schema has in the end", () => {
  const change = (schema: SourceSchema): void => {
    schema.mergeHints({ notNull: ["orderId", "re:_at$"], unique: ["orderId"] });
    schema.updatePreferredTypes({ unitPrice: "decimal" });
  };
  const { settings } = changed(change);
  expect(settings.defaultHints?.["notNull"]).toEqual(expect.arrayContaining(["_dlt_id", "order_id", "re:_at$"]));
  expect(settings.defaultHints?.["unique"]).toEqual(["_dlt_id", "order_id"]);
  expect(settings.preferredTypes).toEqual({ unit_price: "decimal" });
  expect(changed(change, "direct").settings.preferredTypes).toEqual({ unitPrice: "decimal" });
});

test("contract, nesting and root keys are set and taken back", () => {
  const set = changed((schema) => {
    schema.setSchemaContract({ columns: "discard_columns" });
    schema.setMaxTableNesting(2);
    schema.setRootKey(true);
  });
  expect(set.settings.schemaContract).toEqual({ columns: "discard_value" });
  expect(set.normalizers.json.config).toEqual({ maxNesting: 2, rootKeyPropagation: true });
  const unset = changed((schema) => {
    schema.setSchemaContract("freeze");
    schema.setSchemaContract(null);
    schema.setMaxTableNesting(2);
    schema.setMaxTableNesting(null);
  });
  const { settings, normalizers } = newSchema("shop");
  expect(unset).toMatchObject({ settings, normalizers });
  expect(unset.settings).not.toHaveProperty("schemaContract");
  expect(unset.normalizers.json).not.toHaveProperty("config");
});

describe("what a schema cannot have is refused where it is said", () => {
  it.each<[what: string, change: (schema: SourceSchema) => void]>([
    ["a detection", (schema) => schema.addTypeDetection("unix" as "timestamp")],
    ["a hint", (schema) => schema.mergeHints({ nothing: ["id"] } as never)],
    ["a rule", (schema) => schema.mergeHints({ notNull: ["re:("] })],
    ["a rule without its prefix", (schema) => schema.updatePreferredTypes({ "^id$": "text" })],
    ["a data type", (schema) => schema.updatePreferredTypes({ id: "int" as "bigint" })],
    ["a contract", (schema) => schema.setSchemaContract({ columns: "ignore" as "evolve" })],
    ["a depth", (schema) => schema.setMaxTableNesting(-1)],
    ["half a depth", (schema) => schema.setMaxTableNesting(0.5)],
  ])("%s", (_what, change) => {
    expect(() => changed(change)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^SCHEMA_(?:SETTINGS|RULE|HINTS)_INVALID$/) }),
    );
  });
});

test("an asynchronous source keeps what it changes before it is made", async () => {
  const made = await source({ name: "shop" }, async (_config, _args, { schema }) => {
    await Promise.resolve();
    schema.setMaxTableNesting(0);
    return [resource({ name: "items" }, () => [])];
  })();
  expect(sourceDefinition(made).schemaChanges).toHaveLength(1);
});

test("each source has changes of its own, and settings and arguments keep their types", () => {
  const shop = source(
    { name: "shop", config: { depth: setting({ default: 1 }) } },
    ({ depth }, { extra }: { extra: number }, context) => {
      expectTypeOf(context).toEqualTypeOf<SourceContext>();
      context.schema.setMaxTableNesting(depth + extra);
      return [resource({ name: "items" }, () => [])];
    },
  );
  const definitions = [shop({ extra: 1 }), shop({ extra: 2 })].map(sourceDefinition);
  const depths = definitions.map(({ schemaChanges = [] }) =>
    schemaChanges.map((apply) => apply(newSchema("shop")).normalizers.json.config?.maxNesting),
  );
  expect(depths).toEqual([[2], [3]]);
});
