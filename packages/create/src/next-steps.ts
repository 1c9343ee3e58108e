import { managerCommands } from "./package-manager.js";
import { pipelineNameOf } from "./package-name.js";
import type { CreatePlan } from "./plan.js";
import { projectProgram } from "./project-files.js";

/** What a person does next, in order: commands with what they are for. */
export function nextSteps({ folder, made, manager, installs }: CreatePlan): string {
  const { install, run, exec, pack } = managerCommands[manager];
  const before: Step[] = [
    ...(folder === "." ? [] : [[`cd ${shellWord(folder)}`, ""] as const]),
    ...(installs ? [] : [[install, "installs its packages"] as const]),
  ];
  if (made.kind === "project") {
    const name = pipelineNameOf(made.packageName);
    return [
      ...section("Next:", [
        ...before,
        [run("start"), "loads a few rows into DuckDB"],
        [exec(`dlt pipeline ${name} show items`), "shows them"],
      ]),
      "",
      `Then read your own rows in ${projectProgram(made.packageName)}. README.md says more.`,
    ].join("\n");
  }
  return [
    ...section("Next:", [
      ...before,
      [run("test"), "passes as it is"],
      [pack, "builds it, and makes the file that would be published"],
    ]),
    "",
    `Then change src/${made.connector.file}.ts. README.md says how it is published.`,
  ].join("\n");
}

type Step = readonly [command: string, purpose: string];

function section(heading: string, steps: readonly Step[]): readonly string[] {
  const width = Math.max(...steps.map(([command]) => command.length));
  return [heading, ...steps.map(([command, purpose]) => `  ${command.padEnd(width)}   ${purpose}`.trimEnd())];
}

function shellWord(word: string): string {
  return /^[\w@./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
