import { describe, expect, it } from "vitest";
import { completed, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

const users = table("users", [
  { name: "id", dataType: "bigint", nullable: false },
  { name: "name", dataType: "text" },
]);

describe("a load", () => {
  it("goes from an empty folder to rows and marks", async () => {
    const folder = newFolder();
    const client = await openClient({ localDir: folder });
    const load = plan([users]);
    expect((await client.prepare(load)).map(({ name }) => name)).toEqual([
      "users",
      "_dlt_version",
      "_dlt_loads",
      "_dlt_pipeline_state",
    ]);
    const file = await loadFile(folder, users, "SELECT range::BIGINT AS id, 'n' || range AS name FROM range(3)");
    expect(await run(client, file)).toEqual({ rowCount: 3, bytes: 1 });
    await client.completeLoad(completed(load));
    expect(await query(client, "SELECT * FROM users ORDER BY id")).toEqual([
      [0, "n0"],
      [1, "n1"],
      [2, "n2"],
    ]);
    expect(await query(client, "SELECT load_id, job_id, table_name, row_count FROM _dlt_jobs ORDER BY job_id")).toEqual(
      [
        ["1700000001.000000", "prepare", null, null],
        ["1700000001.000000", "users.a1.parquet", "users", 3],
      ],
    );
  });
});
