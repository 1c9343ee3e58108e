import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completed, loadFile, newFolder, openClient, plan, query, run, table } from "./support.js";

/** A folder with extensions as a repository has them: `v1.5.5/linux_amd64/httpfs.duckdb_extension`. */
const repository = process.env["DLT_TEST_DUCKDB_EXTENSIONS"];
const isRequired = (process.env["DLT_TEST_REQUIRE"] ?? "").split(",").includes("duckdb-extensions");

const users = table("users", [{ name: "id", dataType: "bigint" }]);

describe.skipIf(repository === undefined && !isRequired)("extensions of a repository", () => {
  it("are installed once, and then loaded", async () => {
    const localDir = newFolder();
    const extensionDirectory = { extension_directory: join(localDir, "extensions") };
    const first = await openClient({
      localDir,
      credentials: {
        extensions: ["httpfs"],
        globalConfig: { ...extensionDirectory, custom_extension_repository: repository ?? "" },
      },
    });
    const loaded = "SELECT extension_name FROM duckdb_extensions() WHERE loaded AND extension_name = 'httpfs'";
    expect(await query(first, loaded)).toEqual([["httpfs"]]);
    await first[Symbol.asyncDispose]();
    const globalConfig = { ...extensionDirectory, custom_extension_repository: join(localDir, "nowhere") };
    const again = await openClient({ localDir, credentials: { extensions: ["httpfs"], globalConfig } });
    expect(await query(again, loaded)).toEqual([["httpfs"]]);
  });

  it("let an encrypted file be written", async () => {
    const localDir = newFolder();
    const credentials = {
      encryptionKey: "hunter2",
      extensions: ["httpfs"],
      globalConfig: {
        extension_directory: join(localDir, "extensions"),
        custom_extension_repository: repository ?? "",
      },
    };
    const client = await openClient({ localDir, credentials });
    const load = plan([users]);
    await client.prepare(load);
    await run(client, await loadFile(localDir, users, "SELECT range AS id FROM range(3)"));
    await client.completeLoad(completed(load));
    await client[Symbol.asyncDispose]();
    const again = await openClient({ localDir, credentials });
    expect(await query(again, "SELECT count(*) FROM users")).toEqual([[3]]);
  });
});
