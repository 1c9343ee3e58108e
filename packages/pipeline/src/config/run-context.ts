import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { ConfigError } from "@dlt/core";
import type { PipelineRuntime } from "../runtime.js";
import { exactValueOf, projectProviders } from "./project-providers.js";
import { warnOnce } from "./warn-once.js";

/** Where a project keeps its settings and its data. All paths are absolute. */
export interface RunContext {
  /** The project: DLT_PROJECT_DIR, or the current folder. */
  readonly runDir: string;
  /** `.dlt` in the project (DLT_CONFIG_FOLDER gives another name). */
  readonly settingsDir: string;
  /** Settings shared by the projects of a user. */
  readonly globalDir: string;
  /** Holds the working folders of the pipelines: DLT_DATA_DIR, or the global folder. */
  readonly dataDir: string;
  /** Relative paths of local destinations start here: DLT_LOCAL_DIR, or the current folder. */
  readonly localDir: string;
  /** Set in a workspace (a project with the file `.dlt/.workspace`), otherwise `null`. */
  readonly profile: string | null;
}

/**
 * Finds the folders as Python dlt does, from the environment and what is there; creates none of them.
 * @throws ConfigError `CONFIG_PROFILE_INVALID`, and in a workspace `CONFIG_FILE_INVALID`
 */
export function runContext({ env, cwd }: Pick<PipelineRuntime, "env" | "cwd">): RunContext {
  const settingsName = env["DLT_CONFIG_FOLDER"] || ".dlt";
  const runDir = resolve(cwd, env["DLT_PROJECT_DIR"] || ".");
  const settingsDir = join(runDir, settingsName);
  const globalDir = globalFolder(env, settingsName);
  const profile = existsSync(join(settingsDir, ".workspace")) ? activeProfile(env, settingsDir) : null;
  const defaults =
    profile === null
      ? { dataDir: globalDir, localDir: cwd }
      : workspaceFolders(env, { runDir, settingsDir, globalDir, profile });
  return {
    runDir,
    settingsDir,
    globalDir,
    dataDir: givenFolder(cwd, env["DLT_DATA_DIR"]) ?? defaults.dataDir,
    localDir: givenFolder(cwd, env["DLT_LOCAL_DIR"]) ?? defaults.localDir,
    profile,
  };
}

type DataFolders = Pick<RunContext, "dataDir" | "localDir">;

/** Each profile has folders of its own; `workspace.settings` may name others. */
function workspaceFolders(
  env: PipelineRuntime["env"],
  workspace: {
    readonly runDir: string;
    readonly settingsDir: string;
    readonly globalDir: string;
    readonly profile: string;
  },
): DataFolders {
  const { runDir, settingsDir, profile } = workspace;
  const providers = projectProviders(env, workspace);
  const setting = (name: string): string | undefined => {
    const value = exactValueOf(providers, ["workspace", "settings", name]);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const elsewhere = (): string => join(tmpdir(), "dlt", basename(runDir), setting("name") ?? basename(runDir), profile);
  const defaults = isWritable(runDir)
    ? { dataDir: join(settingsDir, ".var", profile), localDir: join(runDir, "_local", profile) }
    : { dataDir: elsewhere(), localDir: elsewhere() };
  return {
    dataDir: givenFolder(runDir, setting("working_dir")) ?? defaults.dataDir,
    localDir: givenFolder(runDir, setting("local_dir")) ?? defaults.localDir,
  };
}

/** WORKSPACE__PROFILE, the name pinned in `.dlt/profile-name`, or `dev`. */
function activeProfile(env: PipelineRuntime["env"], settingsDir: string): string {
  const pinned = join(settingsDir, "profile-name");
  const profile =
    env["WORKSPACE__PROFILE"] ||
    (existsSync(pinned) ? readFileSync(pinned, "utf8").split("\n", 1)[0]?.trim() : "") ||
    "dev";
  if (!/^[\w-]+$/.test(profile)) {
    throw new ConfigError(
      "CONFIG_PROFILE_INVALID",
      `The profile of this workspace is called ${JSON.stringify(profile)}.`,
      {
        hint: "Set WORKSPACE__PROFILE, or the first line of `.dlt/profile-name`, to a name of letters, digits, `_` and `-`.",
        context: { profile },
      },
    );
  }
  return profile;
}

function globalFolder(env: PipelineRuntime["env"], settingsName: string): string {
  if (process.geteuid?.() === 0) return "/var/dlt";
  const home = homeFolder(env);
  const problem = homeProblem(home);
  if (problem !== null) {
    const folder = join(tmpdir(), "dlt");
    if (!env["DLT_DATA_DIR"]) {
      warnOnce(
        "HOME_NOT_USABLE",
        `${problem}: pipelines are kept in \`${folder}\`, which the system may empty.`,
        "Set DLT_DATA_DIR to a folder that stays.",
      );
    }
    return folder;
  }
  const inHome = join(home, settingsName);
  const dataHome = env["XDG_DATA_HOME"];
  if (!dataHome) return inHome;
  const inDataHome = join(dataHome, "dlt");
  if (!existsSync(inHome)) return inDataHome;
  warnOnce(
    "HOME_FOLDER_PREFERRED",
    `\`${inHome}\` is used, and not \`${inDataHome}\` as XDG_DATA_HOME says, because it is there already.`,
    `Move it to \`${inDataHome}\`.`,
  );
  return inHome;
}

/** Empty when there is none. */
function homeFolder(env: PipelineRuntime["env"]): string {
  if (env["HOME"]) return env["HOME"];
  try {
    return homedir();
  } catch {
    // The system does not know the user.
    return "";
  }
}

/** The beginning of a sentence; `null`: nothing is wrong with it. */
function homeProblem(home: string): string | null {
  if (home === "") return "There is no home folder (HOME is not set)";
  if (!existsSync(home)) return `The home folder \`${home}\` is not there`;
  return isWritable(home) ? null : `The home folder \`${home}\` cannot be written`;
}

function givenFolder(from: string, path: string | undefined): string | null {
  return path ? resolve(from, path) : null;
}

/** Tried by creating a file: permissions alone do not tell of a read-only file system. */
function isWritable(folder: string): boolean {
  const probe = join(folder, `.dlt-${randomUUID()}.tmp`);
  try {
    writeFileSync(probe, "", { flag: "wx" });
  } catch {
    return false;
  }
  rmSync(probe, { force: true });
  return true;
}
