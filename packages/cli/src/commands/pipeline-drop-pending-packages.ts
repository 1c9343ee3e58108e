import type { Command } from "commander";
import { type Cli, show, tell } from "../cli.js";
import { type PackageFacts, packageFacts } from "../facts/pipeline-facts.js";
import { packagesLines } from "../pipeline/info-text.js";
import { openPipeline, type PipelineOptions, takesPipeline } from "../pipeline/pipeline-command.js";
import { confirmed } from "../prompts.js";
import { countOf } from "../text.js";

interface DropPendingOptions extends PipelineOptions {
  readonly yes?: boolean;
}

export function define(command: Command, cli: Cli): void {
  takesPipeline(command)
    .option("-y, --yes", "do not ask")
    .action(async (name: string, options: DropPendingOptions) => {
      await using pipeline = await openPipeline(name, options);
      const packages = await packageFacts(pipeline);
      const pending = [...packages.extracted, ...packages.normalized];
      if (pending.length === 0) {
        show(cli, { facts: { dropped: [] }, text: "No pending packages found" }, options);
        return;
      }
      tell(cli, questionText(packages, name));
      const question = `Give up ${countOf(pending.length, "package")}?`;
      await confirmed(cli, { question, isAnswered: options.yes === true });
      const dropped = await pipeline.dropPending();
      const text = `${countOf(dropped.length, "pending package")} deleted. State and schemas are as before; the next run fetches the rows again.`;
      show(cli, { facts: { dropped }, text }, options);
    });
}

function questionText(packages: PackageFacts, name: string): string {
  return packagesLines({ ...packages, completed: [] }, name)
    .join("\n")
    .trimStart();
}
