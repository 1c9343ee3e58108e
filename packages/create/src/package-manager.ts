/** Package managers that projects are made for. */
export const packageManagers = ["npm", "pnpm", "yarn", "bun"] as const;

export type PackageManager = (typeof packageManagers)[number];

/** The one that started this process, by what it says of itself: `pnpm/10.1.0 npm/? node/v20.20.2 linux x64`. Default: npm. */
export function managerOfAgent(agent: string | undefined): PackageManager {
  const name = agent?.split("/", 1)[0];
  return packageManagers.find((manager) => manager === name) ?? "npm";
}

/** What a person types. */
export interface ManagerCommands {
  readonly install: string;
  /** Installs what the lock file has, and nothing else. */
  readonly installLocked: string;
  /** Runs a script of `package.json`. */
  run(script: string): string;
  /** Runs a command of an installed package. */
  exec(command: string): string;
  /** Adds a package. */
  readonly add: string;
  /** Adds a package that only development needs. */
  readonly addDev: string;
  /** Makes the file that would be published. */
  readonly pack: string;
}

export const managerCommands: Readonly<Record<PackageManager, ManagerCommands>> = {
  npm: {
    install: "npm install",
    installLocked: "npm ci",
    run: (script) => (script === "start" || script === "test" ? `npm ${script}` : `npm run ${script}`),
    exec: (command) => `npx ${command}`,
    add: "npm install",
    addDev: "npm install --save-dev",
    pack: "npm pack",
  },
  pnpm: {
    install: "pnpm install",
    installLocked: "pnpm install --frozen-lockfile",
    run: (script) => `pnpm ${script}`,
    exec: (command) => `pnpm exec ${command}`,
    add: "pnpm add",
    addDev: "pnpm add --save-dev",
    pack: "pnpm pack",
  },
  yarn: {
    install: "yarn install",
    installLocked: "yarn install --immutable",
    run: (script) => `yarn run ${script}`,
    exec: (command) => `yarn run ${command}`,
    add: "yarn add",
    addDev: "yarn add --dev",
    pack: "yarn pack",
  },
  bun: {
    install: "bun install",
    installLocked: "bun install --frozen-lockfile",
    run: (script) => `bun run ${script}`,
    exec: (command) => `bunx ${command}`,
    add: "bun add",
    addDev: "bun add --dev",
    pack: "bun pm pack",
  },
};

/** Files that a package manager needs to put packages where Node looks for them, as destinations are found by their names. */
export function managerFiles(manager: PackageManager): Readonly<Record<string, string>> {
  return manager === "yarn" ? { ".yarnrc.yml": "nodeLinker: node-modules\n" } : {};
}

/** Steps of a workflow of GitHub Actions that put Node and the package manager in place, as lines of YAML. */
export function setupSteps(manager: PackageManager, nodeVersion = "22"): readonly string[] {
  const setupNode = ["      - uses: actions/setup-node@v4", "        with:", `          node-version: ${nodeVersion}`];
  const steps: Readonly<Record<PackageManager, readonly string[]>> = {
    npm: setupNode,
    pnpm: ["      - uses: pnpm/action-setup@v4", "        with:", "          version: 10", ...setupNode],
    yarn: ["      - run: corepack enable", ...setupNode],
    bun: [...setupNode, "      - uses: oven-sh/setup-bun@v2"],
  };
  return steps[manager];
}
