import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runContext } from "./run-context.js";

let folder: string;
let cwd: string;
let home: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "context-"));
  cwd = join(folder, "project");
  home = join(folder, "home");
  await mkdir(cwd);
  await mkdir(home);
  vi.spyOn(process, "geteuid").mockReturnValue(1000);
  vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const contextOf = (env: Readonly<Record<string, string>> = {}) => runContext({ cwd, env: { HOME: home, ...env } });

test("a project is the current folder, its data is in the home folder", () => {
  expect(contextOf()).toEqual({
    runDir: cwd,
    settingsDir: join(cwd, ".dlt"),
    globalDir: join(home, ".dlt"),
    dataDir: join(home, ".dlt"),
    localDir: cwd,
    profile: null,
  });
});

test("the environment gives other folders", () => {
  expect(
    contextOf({ DLT_PROJECT_DIR: "sub", DLT_CONFIG_FOLDER: ".conf", DLT_DATA_DIR: "data", DLT_LOCAL_DIR: "/local" }),
  ).toEqual({
    runDir: join(cwd, "sub"),
    settingsDir: join(cwd, "sub", ".conf"),
    globalDir: join(home, ".conf"),
    dataDir: join(cwd, "data"),
    localDir: "/local",
    profile: null,
  });
});

describe("the global folder", () => {
  test("of the superuser is /var/dlt", () => {
    vi.spyOn(process, "geteuid").mockReturnValue(0);
    expect(contextOf().globalDir).toBe("/var/dlt");
  });

  test("is a temporary one when there is no home that can be written", () => {
    expect(contextOf({ HOME: join(folder, "missing") }).globalDir).toBe(join(tmpdir(), "dlt"));
    expect(contextOf({ HOME: "/proc" }).globalDir).toBe(join(tmpdir(), "dlt"));
  });

  test("follows XDG_DATA_HOME unless there is one in the home folder", async () => {
    const env = { XDG_DATA_HOME: join(folder, "xdg") };
    expect(contextOf(env).globalDir).toBe(join(folder, "xdg", "dlt"));
    await mkdir(join(home, ".dlt"));
    expect(contextOf(env).globalDir).toBe(join(home, ".dlt"));
  });
});

describe("a workspace", () => {
  beforeEach(async () => {
    await mkdir(join(cwd, ".dlt"));
    await writeFile(join(cwd, ".dlt", ".workspace"), "");
  });

  test("keeps the data of each profile apart", async () => {
    expect(contextOf()).toMatchObject({
      profile: "dev",
      dataDir: join(cwd, ".dlt/.var/dev"),
      localDir: join(cwd, "_local/dev"),
    });
    await writeFile(join(cwd, ".dlt", "profile-name"), " prod \nrest\n");
    expect(contextOf()).toMatchObject({ profile: "prod", dataDir: join(cwd, ".dlt/.var/prod") });
    expect(contextOf({ WORKSPACE__PROFILE: "tests" })).toMatchObject({
      profile: "tests",
      localDir: join(cwd, "_local/tests"),
    });
    expect(contextOf({ DLT_DATA_DIR: "/data", DLT_LOCAL_DIR: "/local" })).toMatchObject({
      dataDir: "/data",
      localDir: "/local",
    });
  });

  test("may name its folders, per profile too", async () => {
    await writeFile(
      join(cwd, ".dlt", "config.toml"),
      '[workspace.settings]\nworking_dir = "work"\nlocal_dir = "files"\n',
    );
    await writeFile(join(cwd, ".dlt", "prod.config.toml"), '[workspace.settings]\nlocal_dir = "/prod"\n');
    expect(contextOf()).toMatchObject({ dataDir: join(cwd, "work"), localDir: join(cwd, "files") });
    expect(contextOf({ WORKSPACE__PROFILE: "prod" })).toMatchObject({ dataDir: join(cwd, "work"), localDir: "/prod" });
  });

  test("takes no profile whose name leads out of the folder", () => {
    expect(() => contextOf({ WORKSPACE__PROFILE: "../x" })).toThrow(
      expect.objectContaining({ code: "CONFIG_PROFILE_INVALID" }),
    );
  });
});
