import { describe, expect, it } from "vitest";
import type { PartialTable, Schema } from "../contract/index.js";
import { isDltError } from "../errors/index.js";
import { bindSchema } from "./bind-schema.js";
import { addDefaultHints, setPreferredTypes } from "./change-settings.js";
import { dropTables } from "./drop-tables.js";
import { formatSchema } from "./format-schema.js";
import { newSchema } from "./new-schema.js";
import { parseSchema } from "./parse-schema.js";
import { isDltColumn, isDltTable } from "./predicates.js";
import { compiledPropagation } from "./root-key.js";
import { updateSchema } from "./update-schema.js";
import { updateTable } from "./update-table.js";

const items: PartialTable = {
  name: "Items",
  columns: new Map([["Item Id", { name: "Item Id", dataType: "bigint" }]]),
  references: [{ columns: ["Item Id"], referencedTable: "Other", referencedColumns: ["Id"] }],
};

function codeOf(call: () => unknown): string | null {
  try {
    call();
  } catch (error) {
    if (isDltError(error)) return error.code;
    throw error;
  }
  return null;
}

function propagated(schema: Schema): unknown {
  return schema.normalizers.json.config?.propagation?.tables;
}

describe("bindSchema", () => {
  it("changes nothing that is not asked for", () => {
    const schema = updateTable(newSchema("s", { maxIdentifierLength: 30, mergeStrategies: ["upsert"] }), items);
    const bound = bindSchema(schema, {});
    expect(formatSchema(bound)).toBe(formatSchema(schema));
    expect(bound.tables).toBe(schema.tables);
    expect([bound.naming.maxLength, bound.mergeStrategies]).toEqual([30, ["upsert"]]);
  });

  it("renames tables, columns, references and rules for another naming convention", () => {
    const schema = updateTable(newSchema("s", { names: "direct" }), items);
    const withSettings = setPreferredTypes(addDefaultHints(schema, { sort: ["ItemId"] }), { "re:^ItemNo$": "text" });
    const bound = bindSchema(withSettings, { names: "snake_case" });
    expect([...bound.tables.keys()]).toEqual(["_dlt_version", "_dlt_loads", "items"]);
    const table = bound.tables.get("items");
    expect([...(table?.columns.keys() ?? [])]).toEqual(["item_id"]);
    expect(table?.references).toEqual([{ columns: ["item_id"], referencedTable: "other", referencedColumns: ["id"] }]);
    expect(bound.settings.defaultHints?.["sort"]).toEqual(["item_id"]);
    expect(bound.settings.preferredTypes).toEqual({ "re:^item_no$": "text" });
  });

  it("does not rename what holds data, unless that is allowed", () => {
    const seen = { ...items, "x-normalizer": { "seen-data": true } };
    const schema = updateTable(newSchema("s"), seen);
    expect(codeOf(() => bindSchema(schema, { names: "direct" }))).toBe("SCHEMA_IDENTIFIERS_FROZEN");
    expect(bindSchema(schema, { names: "direct", allowIdentifierChangeOnTableWithData: true }).naming.name).toBe(
      "direct",
    );
    expect(bindSchema(schema, { names: "snake_case", maxIdentifierLength: 20 }).naming.maxLength).toBe(20);
  });

  it("knows conventions and normalizers by every name that documents give them", () => {
    for (const names of [
      "snake_case",
      "dlt.common.normalizers.names.snake_case",
      "dlt.common.normalizers.naming.snake_case.NamingConvention",
    ]) {
      const schema = newSchema("s", { names });
      expect([schema.naming.name, schema.normalizers.names]).toEqual(["snake_case", names]);
    }
    expect(newSchema("s", { json: { module: "relational_no_coercion" } }).normalizers.json.module).toBe(
      "dlt.common.normalizers.json.relational_no_coercion",
    );
    expect(codeOf(() => newSchema("s", { json: { module: "my.normalizer" } }))).toBe("SCHEMA_NORMALIZER_UNKNOWN");
  });

  it("normalizes the columns of the normalizer's configuration, and lets the destination limit nesting", () => {
    const config = {
      maxNesting: 5,
      propagation: { root: { "Time Stamp": "_Time Stamp" }, tables: { t: { Id: "T Id" } } },
    };
    const schema = newSchema("s", { json: { module: "relational", config }, maxTableNesting: 0 });
    expect(schema.normalizers.json.config).toEqual({
      maxNesting: 0,
      propagation: { root: { time_stamp: "_time_stamp" }, tables: { t: { id: "t_id" } } },
    });
    const propagation = compiledPropagation(schema);
    expect(propagation("t", { isRoot: true })).toEqual([
      ["time_stamp", "_time_stamp"],
      ["id", "t_id"],
    ]);
    expect(propagation("t", { isRoot: false })).toEqual([["id", "t_id"]]);
    expect(propagation("u", { isRoot: true })).toEqual([["time_stamp", "_time_stamp"]]);
    expect(propagation("constructor", { isRoot: false })).toEqual([]);
  });

  it("names system tables and columns as the convention does", () => {
    const schema = newSchema("s", { names: "s3_tables" });
    expect([...schema.tables.keys()]).toEqual(["dlt_version", "dlt_loads"]);
    expect(schema.tables.get("dlt_version")?.resource).toBe("_dlt_version");
    expect([isDltTable(schema, "dlt_loads"), isDltColumn(schema, "_dlt_id"), isDltColumn(schema, "dlt_users")]).toEqual(
      [true, true, false],
    );
  });
});

describe("the key of the root row", () => {
  const merged: PartialTable = { name: "m", columns: new Map(), writeDisposition: "merge" };

  it.each([
    ["a table is merged", { mergeStrategies: ["delete-insert"] }, merged, { m: { _dlt_id: "_dlt_root_id" } }],
    ["the destination is unknown", {}, merged, undefined],
    [
      "a table keeps its history",
      { mergeStrategies: ["delete-insert"] },
      { ...merged, "x-merge-strategy": "scd2" },
      undefined,
    ],
    [
      "it is switched off",
      { mergeStrategies: ["upsert"], json: { module: "relational", config: { rootKeyPropagation: false } } },
      merged,
      undefined,
    ],
    [
      "every table has it",
      { json: { module: "relational", config: { rootKeyPropagation: true } } },
      { ...merged, writeDisposition: "append" as const },
      { m: { _dlt_id: "_dlt_root_id" } },
    ],
    [
      "a table has a column for it",
      {},
      {
        name: "m",
        columns: new Map([
          ["root", { name: "root", rootKey: true }],
          ["key", { name: "key", rowKey: true }],
        ]),
      },
      { m: { key: "_dlt_root_id" } },
    ],
  ] as const)("when %s", (_, binding, table, expected) => {
    expect(propagated(updateTable(newSchema("s", binding), table))).toEqual(expected);
  });

  it("when a nested table gets a column for it", () => {
    const nested: PartialTable = { name: "m__l", parent: "m", columns: new Map() };
    const before = [{ ...merged, writeDisposition: "append" as const }, nested].reduce(
      (schema, table) => updateTable(schema, table),
      newSchema("s"),
    );
    expect(propagated(before)).toBeUndefined();
    const columns = new Map([["_dlt_root_id", { name: "_dlt_root_id", rootKey: true }]]);
    expect(propagated(updateTable(before, { ...nested, columns }))).toEqual({ m: { _dlt_id: "_dlt_root_id" } });
  });

  it("is propagated once the destination is known, and forgotten with its table", () => {
    const schema = bindSchema(updateTable(newSchema("s"), merged), { mergeStrategies: ["upsert"] });
    expect(propagated(schema)).toEqual({ m: { _dlt_id: "_dlt_root_id" } });
    expect(propagated(dropTables(schema, ["m"]))).toEqual({});
  });

  it("is propagated for nested tables that say so", () => {
    const nested: PartialTable = {
      name: "a__b",
      parent: "a",
      columns: new Map([["r", { name: "r", dataType: "text", rootKey: true }]]),
    };
    const schema = updateTable(updateTable(newSchema("s"), { name: "a", columns: new Map() }), nested);
    expect(propagated(schema)).toEqual({ a: { _dlt_id: "_dlt_root_id" } });
  });

  it("is propagated for all tables only when the schema is bound again after an update by a source", () => {
    const binding = { mergeStrategies: ["delete-insert"] };
    const [kept, added] = ["kept", "added"].map((name) =>
      updateTable(newSchema("s", binding), { name, columns: new Map(), writeDisposition: "merge" }),
    ) as [Schema, Schema];
    const updated = updateSchema(kept, added);
    expect(propagated(updated)).toEqual({ added: { _dlt_id: "_dlt_root_id" } });
    expect(propagated(bindSchema(updated, binding))).toEqual({
      added: { _dlt_id: "_dlt_root_id" },
      kept: { _dlt_id: "_dlt_root_id" },
    });
  });
});

describe("dropTables", () => {
  it("asks for all tables of a chain", () => {
    const schema = updateTable(updateTable(newSchema("s"), items), {
      name: "items__a",
      columns: new Map(),
      parent: "items",
    });
    expect(codeOf(() => dropTables(schema, ["items"]))).toBe("SCHEMA_CORRUPTED");
    expect(codeOf(() => dropTables(schema, ["gone"]))).toBe("SCHEMA_TABLE_NOT_FOUND");
    expect([...dropTables(schema, ["items", "items__a"]).tables.keys()]).toEqual(["_dlt_version", "_dlt_loads"]);
  });
});

describe("updateSchema", () => {
  it("takes only the contract of a source with another naming convention", () => {
    const schema = updateTable(newSchema("s"), items);
    const source = newSchema("s", { names: "direct" });
    const updated = updateSchema(
      schema,
      updateTable({ ...source, settings: { ...source.settings, schemaContract: "freeze" } }, items),
    );
    expect(updated).toEqual({ ...schema, settings: { ...schema.settings, schemaContract: "freeze" } });
  });

  it("keeps what binds the schema to its destination", () => {
    const schema = newSchema("s", { maxIdentifierLength: 40, mergeStrategies: ["upsert"] });
    const updated = updateSchema(schema, updateTable(newSchema("s"), { ...items, writeDisposition: "merge" }));
    expect([updated.naming.maxLength, updated.mergeStrategies]).toEqual([40, ["upsert"]]);
    expect(propagated(updated)).toEqual({ items: { _dlt_id: "_dlt_root_id" } });
  });
});

describe("parseSchema", () => {
  it("attaches the place where the schema is used", () => {
    const schema = parseSchema(formatSchema(newSchema("s")), { maxIdentifierLength: 63, mergeStrategies: ["upsert"] });
    expect([schema.naming.maxLength, schema.mergeStrategies]).toEqual([63, ["upsert"]]);
  });
});
