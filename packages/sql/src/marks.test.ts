import { describe, expect, it } from "vitest";
import { dataset, duck, elephant } from "../test/dialects.js";
import { plan } from "../test/plans.js";
import {
  deleteOldMarks,
  deleteVersions,
  insertLoad,
  insertMark,
  insertMarkOnce,
  insertVersion,
  selectLoad,
  selectMark,
  updateMark,
} from "./marks.js";
import { selectLastLoadId, selectNewestSchema, selectSchemaByHash, selectState } from "./stored-records.js";

const load = { loadId: "1.5", createdAt: 1n, schemaName: "src", schemaHash: "hash", state: null };

describe("statements of the system tables", () => {
  it.each([duck, elephant])("of $name", async (dialect) => {
    const ds = dataset(dialect);
    const statements = [
      selectMark(ds, "1.5", "users.a.parquet"),
      insertMark(ds, { loadId: "1.5", jobId: "users.a.parquet", tableName: "users", rowCount: 3 }),
      insertMarkOnce(ds, { loadId: "1.5", jobId: "users.a.parquet", tableName: "users" }),
      updateMark(ds, { loadId: "1.5", jobId: "users.a.parquet", tableName: "users", rowCount: 3 }),
      selectLoad(ds, "1.5"),
      insertLoad(ds, load),
      deleteOldMarks(ds, "1.5"),
      insertVersion(ds, plan()),
      deleteVersions(ds, "src"),
      selectState(ds, "pipe"),
      selectNewestSchema(ds, "src"),
      selectSchemaByHash(ds, "hash"),
      selectLastLoadId(ds),
    ];
    const text = statements.map(({ text, values }) => `${text}; -- ${JSON.stringify(values)}\n`).join("\n");
    await expect(text).toMatchFileSnapshot(`../test/golden/system-tables.${dialect.name.toLowerCase()}.sql`);
  });

  it("store a document that is too long in its compressed form", () => {
    const small = { ...duck, capabilities: { ...duck.capabilities, maxTextBytes: 5 } };
    expect(insertVersion(dataset(small), plan()).values).not.toContain('{"name":"src"}');
  });
});
