import { managerCommands } from "@dlt/create";
import type { DeployedProject } from "./project-of.js";

/** The command of a shell that installs what the project depends on, as the lock file has it. */
export function installCommand({ manager, isLocked }: Pick<DeployedProject, "manager" | "isLocked">): string {
  const { install, installLocked } = managerCommands[manager];
  return isLocked ? installLocked : install;
}

/** The command of a shell that runs the program in the folder of the project. */
export function runCommand({ manager, script }: Pick<DeployedProject, "manager" | "script">): string {
  return managerCommands[manager].exec(`dlt --non-interactive pipeline ${shellWord(script)} run`);
}

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
