import { Argument, type Command } from "commander";
import { type Cli, show } from "../cli.js";
import { completions } from "../completion/completions.js";
import { completionScripts, type Shell, shells } from "../completion/scripts.js";

export function define(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument("<shell>", "for which shell").choices([...shells, "words"]))
    .argument("[words...]", "what was typed, for `words`: prints what may follow, one on each line")
    .addHelpText("after", help)
    .action(async (shell: Shell | "words", words: readonly string[]) => {
      const text = shell === "words" ? (await completions(cli, words)).join("\n") : completionScripts[shell];
      show(cli, { facts: null, text });
    });
}

const help = `
bash:  echo 'source <(dlt completion bash)' >> ~/.bashrc
zsh:   echo 'source <(dlt completion zsh)' >> ~/.zshrc
fish:  dlt completion fish > ~/.config/fish/completions/dlt.fish`;
