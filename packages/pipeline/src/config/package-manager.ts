import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PipelineRuntime } from "../runtime.js";

/** The command that adds a package to this project, in the package manager that it uses: `pnpm add left-pad`. */
export function addCommand(packageName: string, runtime: Pick<PipelineRuntime, "env" | "cwd">): string {
  const manager = managerOfLockfile(runtime.cwd) ?? managerOfAgent(runtime.env["npm_config_user_agent"]) ?? "npm";
  return `${addCommands[manager]} ${packageName}`;
}

const addCommands = { pnpm: "pnpm add", yarn: "yarn add", bun: "bun add", npm: "npm install" } as const;

const lockfiles: readonly (readonly [file: string, manager: keyof typeof addCommands])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
];

/** By the nearest lock file, from the folder upwards. */
function managerOfLockfile(folder: string): keyof typeof addCommands | undefined {
  const found = lockfiles.find(([file]) => existsSync(join(folder, file)));
  if (found !== undefined) return found[1];
  const parent = dirname(folder);
  return parent === folder ? undefined : managerOfLockfile(parent);
}

/** `pnpm/10.1.0 npm/? node/v20.20.2 linux x64` → `pnpm`. */
function managerOfAgent(agent: string | undefined): keyof typeof addCommands | undefined {
  const name = agent?.split("/", 1)[0];
  return lockfiles.find(([, manager]) => manager === name)?.[1];
}
