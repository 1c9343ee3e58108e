import type { PreparedTable } from "@dlt/core";
import { describe, expect, it } from "vitest";
import { dataset, duck, elephant } from "../test/dialects.js";
import { found, plan, table, users } from "../test/plans.js";
import type { SqlDialect } from "./dialect.js";
import { type FoundDataset, nothingFound, type PreparePlan, preparePlan, tablesToFind } from "./prepare-plan.js";

interface Found {
  readonly final?: FoundDataset;
  readonly staging?: FoundDataset;
  readonly isPrepared?: boolean;
}

function prepare(dialect: SqlDialect, load = plan(), { final, staging, isPrepared = false }: Found = {}): PreparePlan {
  return preparePlan(load, {
    final: dataset(dialect),
    staging: dataset(dialect, "ds_staging"),
    found: { final: final ?? nothingFound, staging: staging ?? nothingFound },
    isPrepared,
  });
}

const text = ({ statements }: PreparePlan) =>
  statements
    .map(({ text, values }) => `${text};${values.length > 0 ? ` -- ${JSON.stringify(values)}` : ""}`)
    .join("\n\n");

const systemTables = {
  _dlt_version: ["version", "engine_version", "inserted_at", "schema_name", "version_hash", "schema"],
  _dlt_loads: ["load_id", "schema_name", "status", "inserted_at", "schema_version_hash"],
  _dlt_jobs: ["load_id", "job_id", "table_name", "row_count", "inserted_at"],
};
const current = { users: ["id", "select", "paid"], ...systemTables };

describe("preparePlan", () => {
  it.each([duck, elephant])("makes everything in a new dataset of $name", async (dialect) => {
    const prepared = prepare(dialect);
    await expect(`${text(prepared)}\n`).toMatchFileSnapshot(
      `../test/golden/new-dataset.${dialect.name.toLowerCase()}.sql`,
    );
    expect(prepared.changes.map(({ name }) => name)).toEqual(["users", "_dlt_version", "_dlt_loads"]);
  });

  it.each([duck, elephant])(
    "evolves, drops and empties what is there, also in the staging dataset of $name",
    async (dialect) => {
      const before = { ...current, users: ["ID"], old: ["id"], facts: ["id"] };
      const load = plan({
        tables: [...plan().tables, table("facts", [{ name: "id", dataType: "bigint" }])],
        staged: ["users", "facts"],
        truncate: ["facts", "new_one"],
        drop: ["old", "never_there"],
      });
      const prepared = prepare(dialect, load, {
        final: found(dialect, before, true),
        staging: found(
          dialect,
          { users: ["id", "select", "paid"], old: ["id"], _dlt_version: systemTables._dlt_version },
          true,
        ),
      });
      await expect(`${text(prepared)}\n`).toMatchFileSnapshot(
        `../test/golden/evolve.${dialect.name.toLowerCase()}.sql`,
      );
    },
  );

  it("gives the tables with only their new columns", () => {
    const { changes } = prepare(duck, plan(), { final: found(duck, { ...current, users: ["SELECT"] }) });
    expect(changes.map(({ name, columns }) => [name, [...columns.keys()]])).toEqual([["users", ["id", "paid"]]]);
    expect(changes[0]?.columns.get("id")).toBe(users.columns.get("id"));
  });

  it("stores a schema with all of its tables, so that those are there where the schema is known", () => {
    const others = [table("others", [{ name: "id", dataType: "bigint" }])];
    const { statements, changes } = prepare(duck, plan({ others }), { final: found(duck, current) });
    expect(changes.map(({ name }) => name)).toEqual(["others"]);
    expect(statements[0]?.text).toMatch(/^CREATE TABLE "ds"\."others"/);
    const widened = plan({ others, widensColumns: true });
    for (const load of [plan({ others }), widened])
      expect(prepare(duck, load, { final: found(duck, current, true) }).changes).toEqual([]);
  });

  it("only marks the load when the schema is known", () => {
    expect(text(prepare(duck, plan(), { final: found(duck, current, true) }))).toBe(
      'INSERT INTO "ds"."_dlt_jobs" ("load_id", "job_id", "table_name", "row_count", "inserted_at") VALUES (?, ?, ?, ?, now()); ' +
        '-- ["1700000001.5","prepare",null,null]',
    );
  });

  it("does nothing for a prepared load, whatever it drops and empties", () => {
    const load = plan({ drop: ["users"], truncate: ["users"], staged: ["users"] });
    const prepared = prepare(duck, load, {
      final: found(duck, current, true),
      staging: found(duck, { users: ["id", "select", "paid"], _dlt_version: systemTables._dlt_version }, true),
      isPrepared: true,
    });
    expect(prepared).toEqual({ statements: [], changes: [], required: [] });
  });

  it("repairs a prepared load whose stored schema was taken away, without emptying anything", () => {
    const { _dlt_jobs, ...withoutJobs } = systemTables;
    const prepared = prepare(duck, plan({ truncate: ["users"] }), {
      final: found(duck, withoutJobs),
      isPrepared: true,
    });
    expect(prepared.statements.map(({ text }) => text.split(" (", 1)[0])).toEqual([
      'CREATE TABLE "ds"."users"',
      'CREATE TABLE "ds"."_dlt_jobs"',
      'INSERT INTO "ds"."_dlt_version"',
    ]);
  });

  it("lets staged rows be repeated, unless their table takes the place of the final one", () => {
    const staged = (target: PreparedTable) => {
      const { statements } = prepare(elephant, plan({ tables: [target], staged: ["users"] }));
      return statements.find(({ text }) => text.includes('"ds_staging"."users"'))?.text;
    };
    expect(staged({ ...users, writeDisposition: "merge", mergeStrategy: "delete-insert" })).not.toContain("UNIQUE");
    const moved = staged({ ...users, writeDisposition: "replace", replaceStrategy: "staging-optimized" });
    expect(moved).toContain("UNIQUE");
  });

  it("drops constraints of columns that need not be unique any more, and none of others", () => {
    const repeated = table("users", [
      { name: "id", dataType: "bigint", unique: false },
      { name: "select", dataType: "text" },
    ]);
    const stored = found(elephant, current);
    const unique = [...(stored.tables.get("users") ?? [])].map(
      ([key, column]) => [key, { ...column, uniqueBy: `${key}_Key` }] as const,
    );
    const tables = new Map([...stored.tables, ["users", new Map(unique)] as const]);
    const { statements, changes } = prepare(elephant, plan({ tables: [repeated] }), { final: { ...stored, tables } });
    expect(statements.map(({ text }) => text).filter((text) => text.includes("DROP"))).toEqual([
      'ALTER TABLE "ds"."users"\nDROP CONSTRAINT "id_Key"',
    ]);
    expect(changes).toEqual([]);
  });

  it("compares names as the database does", () => {
    const upper = found(elephant, { ...current, users: ["id", "select", "Paid"] });
    expect(prepare(elephant, plan(), { final: upper }).changes).toEqual([]);
    const caseSensitive = { ...elephant, capabilities: { ...elephant.capabilities, caseFolding: "none" as const } };
    const different = found(caseSensitive, { ...current, users: ["id", "select", "Paid"] });
    expect(
      prepare(caseSensitive, plan(), { final: different }).changes.map(({ columns }) => [...columns.keys()]),
    ).toEqual([["paid"]]);
  });

  it("refuses names that are one name for the database", () => {
    const twins = table("twins", [
      { name: "Id", dataType: "bigint" },
      { name: "ID", dataType: "bigint" },
    ]);
    const load = plan({ tables: [twins] });
    expect(() => prepare(duck, load)).toThrow("`Id` and `ID` of table `twins` are one name for Duck.");
    expect(() => prepare(duck, plan({ tables: [users, table("Users", [])] }))).toThrow(
      "`users` and `Users` of the schema are one name",
    );
  });

  it("refuses names that the database would cut", () => {
    const long = "x".repeat(64);
    expect(() => prepare(duck, plan({ tables: [table(long, [])] }))).toThrow("has 64 characters, but Duck takes 63.");
    expect(() => prepare(duck, plan({ tables: [table("t", [{ name: long, dataType: "text" }])] }))).toThrow(
      "of table `t` has 64 characters",
    );
    const emoji = "😀".repeat(63);
    expect(prepare(duck, plan({ tables: [table(emoji, [{ name: emoji, dataType: "text" }])] })).changes).toHaveLength(
      1,
    );
  });

  it("leaves tables without columns until they have some", () => {
    expect(prepare(duck, plan({ tables: [table("empty", [])] })).changes).toEqual([]);
  });
});

describe("tablesToFind", () => {
  it("names planned and dropped tables and the system tables, each once", () => {
    expect(tablesToFind(dataset(duck), plan({ drop: ["old", "users"] }))).toEqual([
      "users",
      "_dlt_version",
      "_dlt_loads",
      "old",
      "_dlt_jobs",
    ]);
  });
});
