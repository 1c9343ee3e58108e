import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { PackageManager } from "@dlt/create";
import type { Cli } from "../cli.js";
import { CliError } from "../errors.js";

/** What is deployed: a program of a project in a repository. Paths are relative to the folder before. */
export interface DeployedProject {
  /** Absolute. */
  readonly repository: string;
  /** Folder of `package.json` in the repository, with `/` between its parts; `.` for the repository itself. */
  readonly folder: string;
  /** The program in that folder. */
  readonly script: string;
  readonly manager: PackageManager;
  /** Its lock file is in the repository or the folder. */
  readonly isLocked: boolean;
  /** The project depends on `@dlt/cli`, so that `npx dlt` is the same everywhere. */
  readonly hasCli: boolean;
  /** `owner/name` on github.com; `null`: it is elsewhere, or nowhere yet. */
  readonly github: string | null;
}

/** @throws CliError `CLI:PROGRAM_NOT_FOUND`, `CLI:ARGUMENT_INVALID` */
export async function projectOf({ terminal }: Cli, file: string): Promise<DeployedProject> {
  const given = resolve(terminal.cwd, file);
  if (!existsSync(given) || !statSync(given).isFile())
    throw new CliError("CLI:PROGRAM_NOT_FOUND", `There is no program \`${given}\`.`, {
      hint: "Give the path of a TypeScript or JavaScript file, from the current folder; the name of a pipeline is not enough.",
    });
  const path = realpathSync(given);
  const repository = above(path, ".git");
  if (repository === null)
    throw new CliError("CLI:ARGUMENT_INVALID", `\`${path}\` is in no git repository.`, {
      hint: "`dlt deploy` writes a file into the repository of the program. Make one in the folder of the project: git init",
    });
  const folder = above(path, "package.json");
  if (folder === null || !isWithin(repository, folder))
    throw new CliError(
      "CLI:ARGUMENT_INVALID",
      `There is no package.json above \`${path}\` in its repository, so that nothing could be installed.`,
      {
        hint: "Make one in the folder of the project (npm init), and install what the program imports.",
      },
    );
  const locked = lockFiles.find(([name]) => [folder, repository].some((place) => existsSync(join(place, name))));
  return {
    repository,
    folder: slashed(relative(repository, folder)) || ".",
    script: slashed(relative(folder, path)),
    manager: locked?.[1] ?? "npm",
    isLocked: locked !== undefined,
    hasCli: dependsOnCli(join(folder, "package.json")),
    github: await githubOf(repository),
  };
}

const lockFiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
];

/** The nearest folder above that has something of this name. */
function above(path: string, name: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

function isWithin(outer: string, inner: string): boolean {
  return !relative(outer, inner).startsWith("..");
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}

function dependsOnCli(manifestPath: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as Readonly<Record<string, object | undefined>>;
    return [manifest["dependencies"], manifest["devDependencies"]].some(
      (group) => group !== undefined && "@dlt/cli" in group,
    );
  } catch {
    return false;
  }
}

async function githubOf(repository: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["remote", "get-url", "origin"], { cwd: repository });
    return /github\.com[:/]([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(stdout.trim())?.[1] ?? null;
  } catch {
    return null;
  }
}
