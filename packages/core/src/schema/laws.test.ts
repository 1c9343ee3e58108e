import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnSchema, DataType, PartialTable, Schema } from "../contract/index.js";
import { diffSchemas, diffTable } from "./diff.js";
import { formatSchema } from "./format-schema.js";
import { newSchema } from "./new-schema.js";
import { parseSchema } from "./parse-schema.js";
import { isComplete } from "./predicates.js";
import { sameValue } from "./same-value.js";
import { applyUpdate } from "./update-table.js";
import { bumpVersion, isModified, versionHash } from "./version.js";

// A column has one type wherever it is complete, so that all updates are compatible with each other.
const types: Readonly<Record<string, DataType>> = { a: "text", b: "bigint", c: "json", d: "timestamp", "1": "double" };

const scalar = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0.5, -1e-7), fc.string(), fc.boolean(), fc.constant(null));
const hintValue = fc.oneof(
  scalar,
  fc.array(scalar),
  fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), scalar, { noNullPrototype: true }),
);

const column = fc.constantFrom(...Object.keys(types)).chain((name) =>
  fc
    .record(
      {
        dataType: fc.constant(types[name] as DataType),
        nullable: fc.boolean(),
        primaryKey: fc.constantFrom(true, false, null),
        precision: fc.nat(64),
        description: fc.string(),
        "x-hint": hintValue,
      },
      { requiredKeys: [] },
    )
    .map((hints) => ({ name, ...hints }) as ColumnSchema),
);

const columns = fc.array(column, { maxLength: 4 }).map((list) => new Map(list.map((item) => [item.name, item])));

/** `t` and `u` are root tables, `t__n` is nested in `t`. */
const partial: fc.Arbitrary<PartialTable> = fc.constantFrom("t", "u", "t__n").chain((name) =>
  fc
    .record(
      {
        description: fc.string(),
        fileFormat: fc.constantFrom("parquet", "jsonl", null),
        "x-normalizer": fc.constantFrom({ "seen-data": true }, { max_nesting: 2 }, {}),
        schemaContract: fc.constantFrom("freeze" as const, { columns: "discard_row" as const }),
        "x-flag": fc.constantFrom(true, 1, null),
        references: fc.array(
          fc.record({
            referencedTable: fc.constantFrom("x", "y"),
            columns: fc.array(fc.constantFrom("a", "b")),
            referencedColumns: fc.constant(["id"]),
            label: fc.constantFrom("l", "m"),
          }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    )
    .chain((hints) =>
      columns.map((map): PartialTable => ({ name, columns: map, ...(name === "t__n" && { parent: "t" }), ...hints })),
    ),
);
const update = fc.array(partial, { maxLength: 5 });

const base: Schema = applyUpdate(newSchema("s", { mergeStrategies: ["delete-insert"] }), [
  { name: "t", columns: new Map(), writeDisposition: "merge", resource: "t" },
  { name: "u", columns: new Map(), writeDisposition: "append", resource: "u" },
]);

function schemaWith(partials: readonly PartialTable[]): Schema {
  return applyUpdate(base, partials);
}

describe("applyUpdate", () => {
  it("changes nothing when it is repeated", () => {
    fc.assert(
      fc.property(update, update, (first, partials) => {
        const before = schemaWith(first);
        const once = applyUpdate(before, partials);
        expect(formatSchema(applyUpdate(once, partials))).toBe(formatSchema(once));
      }),
    );
  });

  it("shares every table that it does not change", () => {
    fc.assert(
      fc.property(update, partial, (first, change) => {
        const before = schemaWith(first);
        const after = applyUpdate(before, [change]);
        for (const [name, table] of before.tables) {
          if (name !== change.name) expect(after.tables.get(name)).toBe(table);
        }
        expect(applyUpdate(after, [change]).tables.get(change.name)).toBe(after.tables.get(change.name));
      }),
    );
  });

  it("leaves what it was given as it was", () => {
    fc.assert(
      fc.property(update, update, (first, partials) => {
        const before = schemaWith(first);
        const text = formatSchema(before);
        applyUpdate(before, partials);
        expect(formatSchema(before)).toBe(text);
      }),
    );
  });
});

describe("diffSchemas", () => {
  it("gives an update that leads to the other schema, with columns in the same order", () => {
    fc.assert(
      fc.property(update, update, (first, partials) => {
        const before = schemaWith(first);
        const after = applyUpdate(before, partials);
        expect(versionHash(applyUpdate(before, diffSchemas(before, after)))).toBe(versionHash(after));
      }),
    );
  });

  it("gives all that any other schema has", () => {
    fc.assert(
      fc.property(update, update, (first, second) => {
        const before = schemaWith(first);
        const after = schemaWith(second);
        const reached = applyUpdate(before, diffSchemas(before, after));
        for (const table of after.tables.values()) {
          const result = reached.tables.get(table.name);
          for (const wanted of table.columns.values()) {
            expect(
              sameValue({ ...result?.columns.get(wanted.name), ...wanted }, result?.columns.get(wanted.name)),
            ).toBe(true);
          }
          const { columns: _, references: __, ...hints } = table;
          for (const [hint, value] of Object.entries(hints)) {
            expect(sameValue((result as unknown as Record<string, unknown>)[hint], value)).toBe(true);
          }
        }
      }),
    );
  });

  it("is empty between equal schemas, and for a table that is the same", () => {
    fc.assert(
      fc.property(update, (partials) => {
        const same = schemaWith(partials);
        expect(diffSchemas(same, parseSchema(formatSchema(same)))).toEqual([]);
        for (const table of same.tables.values()) expect(diffTable(table, table)).toBeNull();
      }),
    );
  });

  it("gives columns whole that become complete", () => {
    fc.assert(
      fc.property(update, update, (first, partials) => {
        const before = schemaWith(first);
        for (const change of diffSchemas(before, applyUpdate(before, partials))) {
          for (const changed of change.columns.values()) {
            const existing = before.tables.get(change.name)?.columns.get(changed.name);
            if (existing !== undefined && isComplete(changed) && !isComplete(existing)) {
              expect(Object.keys(changed).sort()).toEqual(
                [...new Set([...Object.keys(existing), ...Object.keys(changed)])].sort(),
              );
            }
          }
        }
      }),
    );
  });
});

describe("formatSchema and parseSchema", () => {
  it("are each other's inverse", () => {
    fc.assert(
      fc.property(update, (partials) => {
        const any = schemaWith(partials);
        const stored = bumpVersion(any);
        const read = parseSchema(formatSchema(stored));
        expect(formatSchema(read)).toBe(formatSchema(stored));
        expect(read.tables).toEqual(stored.tables);
        expect(isModified(read)).toBe(false);
      }),
    );
  });
});

describe("versionHash", () => {
  it("does not depend on the order of tables and properties", () => {
    fc.assert(
      fc.property(update, (partials) => {
        const any = schemaWith(partials);
        const tables = [...any.tables].reverse().map(([name, table]) => {
          const reversed = Object.fromEntries(Object.entries(table).reverse());
          return [name, reversed as unknown as PartialTable] as const;
        });
        expect(versionHash({ ...any, tables: new Map(tables) })).toBe(versionHash(any));
      }),
    );
  });

  it("depends on the order of columns", () => {
    fc.assert(
      fc.property(update, columns, (partials, map) => {
        fc.pre(map.size > 1);
        const any = schemaWith(partials);
        const withColumns = (list: Iterable<[string, ColumnSchema]>): Schema => ({
          ...any,
          tables: new Map([...any.tables, ["t", { name: "t", columns: new Map(list) }]]),
        });
        expect(versionHash(withColumns([...map].reverse()))).not.toBe(versionHash(withColumns(map)));
      }),
    );
  });

  it("moves on with every change of content, once", () => {
    fc.assert(
      fc.property(update, update, (first, partials) => {
        const stored = bumpVersion(schemaWith(first));
        const changed = applyUpdate(stored, partials);
        const bumped = bumpVersion(changed);
        expect(bumpVersion(bumped)).toBe(bumped);
        if (versionHash(changed) === stored.versionHash) expect(bumped).toBe(changed);
        else {
          expect(bumped.version).toBe(stored.version + 1);
          expect(bumped.previousHashes[0]).toBe(stored.versionHash);
        }
      }),
    );
  });
});
