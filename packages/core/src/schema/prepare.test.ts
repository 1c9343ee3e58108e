import { describe, expect, it } from "vitest";
import type { ColumnSchema, PartialTable, Schema } from "../contract/index.js";
import { isDltError } from "../errors/index.js";
import { newSchema } from "./new-schema.js";
import { type PrepareOptions, prepareTable, prepareTables } from "./prepare.js";
import { updateTable } from "./update-table.js";
import { type VerifyCapabilities, verifyLoad, verifyReceived } from "./verify-load.js";

const strategies: PrepareOptions = {
  capabilities: {
    mergeStrategies: ["delete-insert", "upsert", "insert-only"],
    replaceStrategies: ["truncate-and-insert", "insert-from-staging"],
  },
};
const capabilities: VerifyCapabilities = { caseSensitiveIdentifiers: false, maxIdentifierLength: 20 };

function tableOf(name: string, columns: readonly ColumnSchema[], hints: Partial<PartialTable> = {}): PartialTable {
  return { name, columns: new Map(columns.map((column) => [column.name, column])), ...hints };
}

function schemaWith(...tables: readonly PartialTable[]): Schema {
  return tables.reduce((schema, table) => updateTable(schema, table, { normalizeIdentifiers: false }), newSchema("s"));
}

function codeOf(call: () => unknown): string | null {
  try {
    call();
  } catch (error) {
    if (isDltError(error)) return error.code;
    throw error;
  }
  return null;
}

const id: ColumnSchema = { name: "id", dataType: "bigint", primaryKey: true };

describe("prepareTable", () => {
  it("hands hints down the chain and keeps complete columns only", () => {
    const schema = schemaWith(
      tableOf("a", [id, { name: "declared" }], {
        writeDisposition: "merge",
        fileFormat: "parquet",
        "x-merge-strategy": "upsert",
      }),
      tableOf("a__b", [{ name: "v", dataType: "text" }], { parent: "a", tableFormat: "iceberg" }),
      tableOf("a__b__c", [], { parent: "a__b", fileFormat: "jsonl" }),
    );
    expect(prepareTable(schema, "a", strategies)).toEqual({
      name: "a",
      columns: new Map([["id", id]]),
      writeDisposition: "merge",
      fileFormat: "parquet",
      "x-merge-strategy": "upsert",
      rootTable: "a",
      mergeStrategy: "upsert",
    });
    expect(prepareTable(schema, "a__b__c", strategies)).toEqual({
      name: "a__b__c",
      columns: new Map(),
      parent: "a__b",
      fileFormat: "jsonl",
      tableFormat: "iceberg",
      writeDisposition: "merge",
      "x-merge-strategy": "upsert",
      rootTable: "a",
      mergeStrategy: "upsert",
    });
  });

  it("takes the first strategy of the destination where nothing asks for one", () => {
    const schema = schemaWith(
      tableOf("m", [id], { writeDisposition: "merge" }),
      tableOf("r", [id], { writeDisposition: "replace" }),
    );
    const tables = prepareTables(schema, new Set(["r", "m", "gone"]), strategies);
    expect(tables.map(({ name, mergeStrategy, replaceStrategy }) => [name, mergeStrategy, replaceStrategy])).toEqual([
      ["m", "delete-insert", undefined],
      ["r", undefined, "truncate-and-insert"],
    ]);
    expect(prepareTable(schema, "r", { ...strategies, replaceStrategy: "insert-from-staging" }).replaceStrategy).toBe(
      "insert-from-staging",
    );
  });

  it("tells rows apart by their id also where `scd2` takes it for their version", () => {
    const version = { nullable: false, unique: false, rowKey: false, "x-row-version": true } as const;
    const columns: readonly ColumnSchema[] = [
      { name: "own", dataType: "text", ...version },
      { name: "_dlt_id", dataType: "text", ...version },
    ];
    const table = prepareTable(schemaWith(tableOf("t", columns)), "t", strategies);
    expect([...table.columns.values()].map(({ name, rowKey }) => [name, rowKey])).toEqual([
      ["own", false],
      ["_dlt_id", true],
    ]);
  });

  it("leaves out the native table format", () => {
    expect(prepareTable(schemaWith(tableOf("t", [id], { tableFormat: "native" })), "t", strategies)).not.toHaveProperty(
      "tableFormat",
    );
  });

  it.each<[string, Partial<PartialTable>, PrepareOptions]>([
    [
      "a strategy of merging that the destination lacks",
      { writeDisposition: "merge", "x-merge-strategy": "scd2" },
      strategies,
    ],
    [
      "merging where nothing can be merged",
      { writeDisposition: "merge" },
      { capabilities: { mergeStrategies: [], replaceStrategies: [] } },
    ],
    [
      "a strategy of replacing that the destination lacks",
      { writeDisposition: "replace" },
      { ...strategies, replaceStrategy: "staging-optimized" },
    ],
  ])("refuses %s", (_, hints, options) => {
    expect(codeOf(() => prepareTable(schemaWith(tableOf("t", [id], hints)), "t", options))).toBe(
      "SCHEMA_STRATEGY_UNSUPPORTED",
    );
  });

  it.each(["append", "replace", "merge"] as const)(
    "leaves %s to a destination that hands rows on",
    (writeDisposition) => {
      const capabilities = { mergeStrategies: [], replaceStrategies: [], forwardsRows: true };
      const table = tableOf("t", [id], { writeDisposition, "x-merge-strategy": "scd2" });
      const prepared = prepareTable(schemaWith(table), "t", { capabilities });
      expect(prepared).toMatchObject({ writeDisposition, "x-merge-strategy": "scd2" });
      expect([prepared.mergeStrategy, prepared.replaceStrategy]).toEqual([undefined, undefined]);
    },
  );

  it("appends to a merged table where the destination does so instead", () => {
    const capabilities = { mergeStrategies: [], appendsInsteadOfMerging: true, replaceStrategies: [] };
    const table = tableOf("t", [id], { writeDisposition: "merge", "x-merge-strategy": "scd2" });
    const prepared = prepareTable(schemaWith(table), "t", { capabilities });
    expect(prepared.writeDisposition).toBe("append");
    expect(prepared).not.toHaveProperty("mergeStrategy");
  });

  it("refuses a table that does not exist", () => {
    expect(codeOf(() => prepareTable(schemaWith(), "t", strategies))).toBe("SCHEMA_TABLE_NOT_FOUND");
  });
});

describe("verifyLoad", () => {
  const verify = (tables: readonly PartialTable[], given: VerifyCapabilities = capabilities, caseSensitive = false) => {
    const schema = schemaWith(...tables);
    return verifyLoad(
      tables.map(({ name }) => prepareTable(schema, name, strategies)),
      given,
      { caseSensitive },
    );
  };

  it("accepts tables that fit together", () => {
    expect(
      verify([tableOf("t", [id], { writeDisposition: "merge" }), tableOf("u", [{ name: "v", dataType: "text" }])]),
    ).toEqual([]);
  });

  it("refuses names that the destination does not tell apart", () => {
    const tables = [tableOf("t", [id, { name: "ID", dataType: "text" }])];
    expect(codeOf(() => verify(tables))).toBe("SCHEMA_NAME_COLLISION");
    expect(verify(tables, { ...capabilities, caseSensitiveIdentifiers: true })).toEqual([]);
    expect(
      codeOf(() => verify(tables, { ...capabilities, caseSensitiveIdentifiers: true, caseFolding: "upper" })),
    ).toBe("SCHEMA_NAME_COLLISION");
    expect(codeOf(() => verify([tableOf("t", [id]), tableOf("T", [id])]))).toBe("SCHEMA_NAME_COLLISION");
  });

  it("accepts names that differ in case where the naming convention and the destination keep them apart", () => {
    const tables = [tableOf("t", [id, { name: "ID", dataType: "text" }])];
    const folding = { ...capabilities, caseSensitiveIdentifiers: true, caseFolding: "lower" } as const;
    expect(verify(tables, folding, true)).toEqual([]);
    expect(codeOf(() => verify(tables, folding, false))).toBe("SCHEMA_NAME_COLLISION");
    expect(codeOf(() => verify(tables, capabilities, true))).toBe("SCHEMA_NAME_COLLISION");
  });

  it("refuses names that are too long, counted in characters", () => {
    expect(codeOf(() => verify([tableOf("t".repeat(21), [id])]))).toBe("SCHEMA_NAME_TOO_LONG");
    expect(verify([tableOf("😀".repeat(20), [id])])).toEqual([]);
    const column = [tableOf("t", [{ name: "column", dataType: "text" }])];
    expect(codeOf(() => verify(column, { ...capabilities, maxColumnIdentifierLength: 5 }))).toBe(
      "SCHEMA_NAME_TOO_LONG",
    );
  });

  it("refuses types that the destination has no column for", () => {
    expect(codeOf(() => verify([tableOf("t", [id])], { ...capabilities, unsupportedTypes: ["bigint"] }))).toBe(
      "SCHEMA_TYPE_UNSUPPORTED",
    );
  });

  it("asks for a primary key where rows are found by it", () => {
    const hints = { writeDisposition: "merge", "x-merge-strategy": "upsert" } as const;
    expect(codeOf(() => verify([tableOf("t", [{ name: "a", dataType: "text", mergeKey: true }], hints)]))).toBe(
      "SCHEMA_KEY_MISSING",
    );
    expect(verify([tableOf("t", [id, { name: "a", dataType: "text", mergeKey: true }], hints)])).toEqual([
      "Table `t`: its merge key is ignored by the strategy `upsert`.",
    ]);
  });

  it("refuses two columns that say which rows are deleted", () => {
    const columns: readonly ColumnSchema[] = [
      { name: "a", dataType: "bool", hardDelete: true },
      { name: "b", dataType: "bool", hardDelete: true },
    ];
    expect(codeOf(() => verify([tableOf("t", columns)]))).toBe("SCHEMA_HINTS_INVALID");
  });

  it("warns of hints without effect", () => {
    const deleted: ColumnSchema = { name: "gone", dataType: "bool", hardDelete: true };
    const order: ColumnSchema = { name: "seq", dataType: "bigint", dedupSort: "asc" };
    expect(verify([tableOf("t", [deleted, order])])).toHaveLength(2);
    const merged = { writeDisposition: "merge" } as const;
    expect(verify([tableOf("t", [deleted], merged)])).toEqual([expect.stringContaining("only appended")]);
    expect(verify([tableOf("t", [{ ...id, primaryKey: false, mergeKey: true }, order], merged)])).toEqual([
      expect.stringContaining("without a primary key"),
    ]);
    expect(verify([tableOf("t", [id, order], { ...merged, "x-stage-data-deduplicated": true })])).toEqual([
      expect.stringContaining("declared as deduplicated"),
    ]);
  });
});

describe("verifyReceived", () => {
  it("refuses a column that may not be null and never came", () => {
    const table = tableOf("t", [
      { name: "id", nullable: false, primaryKey: true },
      { name: "a", dataType: "text" },
    ]);
    expect(codeOf(() => verifyReceived(table))).toBe("SCHEMA_COLUMN_UNBOUND");
  });

  it("warns of other columns that never came, and of links without a parent", () => {
    const table = tableOf("t", [{ name: "a" }, { name: "p", dataType: "text", parentKey: true }]);
    expect(verifyReceived(table)).toEqual([expect.stringContaining("`a`"), expect.stringContaining("no parent")]);
    expect(verifyReceived(tableOf("t", [id]))).toEqual([]);
  });
});
