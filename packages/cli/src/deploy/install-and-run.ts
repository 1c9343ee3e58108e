import type { DeployedProject, PackageManager } from "./project-of.js";

/** The command of a shell that installs what the project depends on, as the lock file has it. */
export function installCommand({ manager, isLocked }: Pick<DeployedProject, "manager" | "isLocked">): string {
  const commands = {
    npm: isLocked ? "npm ci" : "npm install",
    pnpm: "pnpm install --frozen-lockfile",
    yarn: "yarn install --immutable",
    bun: "bun install --frozen-lockfile",
  } as const;
  return commands[manager];
}

/** The command of a shell that runs the program in the folder of the project. */
export function runCommand({ manager, script }: Pick<DeployedProject, "manager" | "script">): string {
  return `${runners[manager]} dlt --non-interactive pipeline ${shellWord(script)} run`;
}

const runners: Readonly<Record<PackageManager, string>> = {
  npm: "npx",
  pnpm: "pnpm exec",
  yarn: "yarn run",
  bun: "bunx",
};

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
