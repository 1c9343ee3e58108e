import type { Command } from "commander";
import type { Cli } from "../cli.js";
import { commandList } from "../command-list.js";
import { operationList } from "../pipeline/operation-list.js";
import { pipelineArguments } from "../pipeline-arguments.js";

/**
 * What may stand in place of the last of some words behind `dlt`, also as it is begun: commands, names of pipelines, operations, options.
 */
export async function completions(cli: Cli, words: readonly string[]): Promise<readonly string[]> {
  const before = words.slice(0, -1);
  const begun = words.at(-1) ?? "";
  const candidates = begun.startsWith("-") ? await optionsOf(cli, before) : await wordsAfter(before);
  return candidates.filter((candidate) => candidate.startsWith(begun));
}

async function wordsAfter(before: readonly string[]): Promise<readonly string[]> {
  const [command, ...rest] = before.filter((word) => !word.startsWith("-"));
  if (command === undefined) return commandList.map(({ name }) => name);
  if (command === "completion") return ["bash", "zsh", "fish"];
  if (command === "types" && rest.length === 0) return await pipelineNames();
  if (command !== "pipeline") return [];
  if (rest.length === 0) return await pipelineNames();
  return rest.length === 1 ? operationList.map(({ name }) => name) : [];
}

async function pipelineNames(): Promise<readonly string[]> {
  const { listPipelines } = await import("@dlt/pipeline");
  return (await listPipelines()).pipelines.map(({ pipelineName }) => pipelineName);
}

/** The long names of the options of the command that is called. */
async function optionsOf(cli: Cli, before: readonly string[]): Promise<readonly string[]> {
  const { programOf } = await import("../run-cli.js");
  const args = pipelineArguments(before);
  let command: Command = await programOf({ ...cli, args });
  const options = command.options.flatMap(({ long }) => long ?? []);
  for (const word of args) {
    const called = command.commands.find((each) => each.name() === word);
    if (called === undefined) continue;
    command = called;
    options.push(...called.options.flatMap(({ long }) => long ?? []));
  }
  return [...new Set([...options, "--help"])];
}
