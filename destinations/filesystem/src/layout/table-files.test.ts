import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLayout } from "./layout.js";
import { objectNames } from "./object-names.js";
import type { ExtraPlaceholders } from "./placeholders.js";
import { filesOfTable } from "./table-files.js";

const schemaName = "src";

function nameOf(layout: string, table: string, extra: ExtraPlaceholders, loadId: string): string {
  const files = [{ jobId: "x.a1b2c3d4e5.jsonl.gz", table }];
  const naming = { layout: parseLayout(layout, extra), extra, currentDatetime: undefined, showsCompression: true };
  return [...objectNames({ loadId, schemaName, files }, naming).values()][0] ?? "";
}

const layouts: readonly (readonly [layout: string, extra: ExtraPlaceholders])[] = [
  ["{table_name}/{load_id}.{file_id}.{ext}", {}],
  ["{schema_name}/{table_name}/{YYYY}/{load_id}.{file_id}.{ext}", {}],
  ["{table_name}_{load_id}.{file_id}.{ext}", {}],
  ["{table_name}__{curr_date}_{load_id}_{file_id}", {}],
  ["{schema_name}.{table_name}.{load_id}.{file_id}.{ext}", {}],
  ["{table_name}_{timestamp}_{load_id}-{file_id}", {}],
  ["{table_name}-{curr_date}-{MMM}-{D}-{load_id}-{file_id}", {}],
  ["{table_name}_{ext}_{load_id}.{file_id}", {}],
  ["{table_name}-{ext}-{load_id}.{file_id}", {}],
  ["{table_name}/{tag}/{load_id}-{file_id}", { tag: () => "users/a" }],
];

test("each file belongs to the table that it is named after, and to no other", () => {
  const table = fc.stringMatching(/^(users|a|old|1|2024|06|jan|jsonl|_|-|\.|\/|%){1,6}$/);
  const seconds = fc.integer({ min: 0, max: 2_000_000_000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...layouts),
      fc.uniqueArray(table, { minLength: 1, maxLength: 4 }),
      seconds,
      ([layout, extra], tables, second) => {
        const parsed = parseLayout(layout, extra);
        for (const owner of tables) {
          const key = nameOf(layout, owner, extra, `${second}.000001`);
          const claimed = tables.filter((each) => {
            const { prefix, isMeant } = filesOfTable(each, parsed, schemaName);
            return key.startsWith(prefix) && isMeant(key);
          });
          expect(claimed).toEqual([owner]);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a folder of a table is emptied as a whole, of what old layouts named too", () => {
  const layout = parseLayout("{table_name}/{load_id}.{file_id}.{ext}");
  const { prefix, isMeant } = filesOfTable("users", layout, schemaName);
  expect(prefix).toBe("users/");
  expect(["users/other/name.txt", "users/init", "users/1.a1b2c3d4e5.csv"].filter(isMeant)).toEqual([
    "users/other/name.txt",
    "users/1.a1b2c3d4e5.csv",
  ]);
});

test("without a folder only files are taken that are named by the layout", () => {
  const layout = parseLayout("{table_name}_{load_id}.{file_id}.{ext}");
  const keys = [
    "users_1718888888.123456.a1b2c3d4e5.jsonl",
    "users_1718888888.123456.a1b2c3d4e5.jsonl.gz",
    "users_1718888888.a1b2c3d4e5.parquet",
    "users_1_1718888888.123456.a1b2c3d4e5.jsonl",
    "users_old_1718888888.123456.a1b2c3d4e5.jsonl",
    "users_notes.txt",
  ];
  const { isMeant } = filesOfTable("users", layout, schemaName);
  expect(keys.filter(isMeant)).toEqual(keys.slice(0, 3));
});

test("a format in the middle of a name is not taken for the end of the name of a table", () => {
  const layout = parseLayout("{table_name}_{ext}_{load_id}.{file_id}");
  const { isMeant } = filesOfTable("users", layout, schemaName);
  const rest = "1718888888.123456.a1b2c3d4e5";
  const own = [`users_jsonl.gz_${rest}`, `users_insert_values_${rest}`, `users_parquet_${rest}`];
  expect([...own, `users_old_jsonl.gz_${rest}`, `users_old_parquet_${rest}`].filter(isMeant)).toEqual(own);
});

test("files of a time before 1970 are found", () => {
  const layout = parseLayout("{table_name}_{timestamp}_{load_id}.{file_id}");
  const { isMeant } = filesOfTable("users", layout, schemaName);
  expect(isMeant("users_-315619200_1718888888.123456.a1b2c3d4e5")).toBe(true);
});
