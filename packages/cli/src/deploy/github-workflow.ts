import { basename, extname } from "node:path";
import { setupSteps } from "@dlt/create";
import { installCommand, runCommand } from "./install-and-run.js";
import type { DeployedProject } from "./project-of.js";
import type { SecretKey } from "./secret-keys.js";

export interface WorkflowOptions {
  /** Five fields of cron, in UTC. */
  readonly schedule: string;
  readonly runManually: boolean;
  readonly runOnPush: boolean;
  readonly secrets: readonly SecretKey[];
}

/** `shop.ts` → `.github/workflows/run_shop_workflow.yml` */
export function workflowPath({ script }: DeployedProject): string {
  return `.github/workflows/run_${stem(script)}_workflow.yml`;
}

/**
 * A workflow of GitHub Actions that runs a program on a schedule, one run at a time. Nothing is left on its machine: state and schemas come
 * from the destination.
 */
export function githubWorkflow(project: DeployedProject, options: WorkflowOptions): string {
  const { folder, script, manager } = project;
  const { schedule, runManually, runOnPush, secrets } = options;
  const name = stem(script);
  return [
    `name: ${text(`Run ${script}`)}`,
    "",
    "on:",
    "  schedule:",
    `    - cron: ${text(schedule)} # UTC`,
    ...(runManually ? ["  workflow_dispatch:"] : []),
    ...(runOnPush ? ["  push:"] : []),
    "",
    "permissions:",
    "  contents: read",
    "",
    "# A pipeline has one writer at a time; a run that has begun is not cut off by the next one.",
    "concurrency:",
    `  group: ${text(`run_${name}`)}`,
    "  cancel-in-progress: false",
    ...(secrets.length === 0
      ? []
      : ["", "env:", ...secrets.map(({ variable, secret }) => `  ${text(variable)}: \${{ secrets.${secret} }}`)]),
    "",
    "jobs:",
    "  run_pipeline:",
    "    runs-on: ubuntu-latest",
    "    timeout-minutes: 360",
    ...(folder === "." ? [] : ["    defaults:", "      run:", `        working-directory: ${text(folder)}`]),
    "    steps:",
    "      - uses: actions/checkout@v4",
    ...setupSteps(manager),
    `      - run: ${installCommand(project)}`,
    `      - run: ${text(runCommand(project))}`,
    "",
  ].join("\n");
}

function stem(script: string): string {
  return basename(script, extname(script)).replace(/[^\w-]/g, "_");
}

/** A scalar of YAML in quotes, as JSON has it. */
function text(value: string): string {
  return JSON.stringify(value);
}
