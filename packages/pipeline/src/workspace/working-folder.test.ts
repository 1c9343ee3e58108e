import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultRuntime } from "../runtime.js";
import { claimPipeline } from "./claims.js";
import { nameProblem } from "./pipeline-name.js";
import {
  createWorkingFolder,
  listSchemas,
  readSchemaText,
  readStateText,
  removeSchemaText,
  removeWorkingFolder,
  type WorkingFolder,
  wipeWorkingFolder,
  workingFolder,
  workingFolderNames,
  writeSchemaText,
  writeStateText,
} from "./working-folder.js";

let pipelinesDir: string;
let folder: WorkingFolder;
const runtime = defaultRuntime();

beforeEach(async () => {
  pipelinesDir = await mkdtemp(join(tmpdir(), "pipelines-"));
  folder = workingFolder({ pipelineName: "shop", pipelinesDir, runtime });
  await createWorkingFolder(folder);
});

afterEach(async () => {
  await rm(pipelinesDir, { recursive: true, force: true });
});

test("the default place is in the data folder", () => {
  const { path } = workingFolder({ pipelineName: "shop", runtime: { env: { DLT_DATA_DIR: "/data" }, cwd: "/app" } });
  expect(path).toBe("/data/ts-pipelines/shop");
  expect(workingFolder({ pipelineName: "shop", pipelinesDir: "p", runtime: { env: {}, cwd: "/app" } }).path).toBe(
    "/app/p/shop",
  );
});

test("state and schemas are kept", async () => {
  expect(await readStateText(folder)).toBeNull();
  await writeStateText(folder, '{"a":1}');
  expect(await readStateText(folder)).toBe('{"a":1}');
  expect(await readSchemaText(folder, "b")).toBeNull();
  await writeSchemaText(folder, "b", "{}");
  await writeSchemaText(folder, "a", "[]");
  expect(await listSchemas(folder)).toEqual(["a", "b"]);
  expect(await readSchemaText(folder, "a")).toBe("[]");
  await removeSchemaText(folder, "a");
  await removeSchemaText(folder, "a");
  expect(await listSchemas(folder)).toEqual(["b"]);
});

test("a schema name does not lead out of the folder", async () => {
  const refused = expect.objectContaining({ code: "SCHEMA_FILE_NAME_INVALID" }) as Error;
  await expect(writeSchemaText(folder, "../../x", "{}")).rejects.toThrow(refused);
  await expect(readSchemaText(folder, "a/b")).rejects.toThrow(refused);
});

test("what a crash left unfinished is removed", async () => {
  const unfinished = [join(folder.path, ".1.tmp"), join(folder.schemasPath, ".2.tmp")];
  for (const path of unfinished) await writeFile(path, "");
  await writeStateText(folder, "{}");
  await createWorkingFolder(folder);
  expect((await readdir(folder.path)).sort()).toEqual(["packages", "schemas", "state.json"]);
  expect(await readdir(folder.schemasPath)).toEqual([]);
});

test("wiping keeps the claim, and removing leaves a folder that is claimed again", async () => {
  const claim = await claimPipeline({ folder: folder.path, pipelineName: "shop", runtime });
  await writeStateText(folder, "{}");
  await mkdir(join(folder.packagesPath, "extracted", "1.5"), { recursive: true });
  await wipeWorkingFolder(folder);
  expect(await readdir(folder.path)).toEqual(["claims"]);
  await claim.assertHeld();
  await removeWorkingFolder(folder);
  await claim.assertHeld();
  await claim[Symbol.asyncDispose]();
  await removeWorkingFolder(folder);
  expect(await readdir(pipelinesDir)).toEqual([]);
  await removeWorkingFolder(folder);
  await wipeWorkingFolder(folder);
});

test("pipelines with a state are listed", async () => {
  expect(await workingFolderNames({ pipelinesDir, runtime })).toEqual([]);
  await writeStateText(folder, "{}");
  const other = workingFolder({ pipelineName: "blog", pipelinesDir, runtime });
  await createWorkingFolder(other);
  await writeStateText(other, "{}");
  await writeFile(join(pipelinesDir, "a file"), "");
  await mkdir(join(pipelinesDir, "a folder"));
  expect(await workingFolderNames({ pipelinesDir, runtime })).toEqual(["blog", "shop"]);
  expect(await workingFolderNames({ pipelinesDir: join(pipelinesDir, "none"), runtime })).toEqual([]);
});

test("a working folder of Python dlt is left as it is", async () => {
  await mkdir(join(folder.path, "normalize"));
  await writeFile(join(folder.path, "normalize", ".version"), "1.0.1");
  const refused = expect.objectContaining({ code: "WORKING_FOLDER_FOREIGN" }) as Error;
  await expect(createWorkingFolder(folder)).rejects.toThrow(refused);
  await expect(wipeWorkingFolder(folder)).rejects.toThrow(refused);
  expect(await readdir(folder.path)).toContain("normalize");
});

test("a place that cannot be written is reported", async () => {
  await writeFile(join(pipelinesDir, "file"), "");
  const blocked = workingFolder({ pipelineName: "shop", pipelinesDir: join(pipelinesDir, "file"), runtime });
  await expect(createWorkingFolder(blocked)).rejects.toThrow(expect.objectContaining({ code: "STORAGE_FAILED" }));
});

describe("names of pipelines", () => {
  test.each(["shop", "my-pipe_2", "ünïcode", "with space"])("%j is valid", (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  test.each(["", ".", "..", "a.b", "a%b", "{a}", "a/b", "a\\b", "a:b", "a\n", " a", "CON", "lpt1", "x".repeat(300)])(
    "%j is refused",
    (name) => {
      expect(() => workingFolder({ pipelineName: name, runtime })).toThrow(
        expect.objectContaining({ code: "PIPELINE_NAME_INVALID" }),
      );
    },
  );
});
