import { spawn } from "node:child_process";

/** Somebody at a shell, who has nothing but npm and a registry. */
export interface Person {
  /** Types commands one after the other, in a shell of their own, and reads what is printed. Fails with the first that fails. */
  type(folder: string, commands: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

export function personWith(environment: Readonly<Record<string, string>>): Person {
  return {
    async type(folder, commands, env = {}) {
      console.log(commands.map((command) => `$ ${command}`).join("\n"));
      // The package manager that started this program is not that of the person.
      const { npm_config_user_agent: _, NODE_OPTIONS: __, ...inherited } = process.env;
      const child = spawn("sh", ["-e", "-c", commands.join("\n")], {
        cwd: folder,
        env: { ...inherited, ...environment, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [out, all] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
        all += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        all += text;
      });
      const code = await new Promise<number | null>((settle) => {
        child.once("close", settle);
      });
      if (code !== 0) throw new Error(`It ended with code ${code}:\n${all}`);
      return out;
    },
  };
}

/** The commands that a terminal says come next, in their order. */
export function nextCommands(printed: string): readonly string[] {
  const [, next = ""] = printed.split("\nNext:\n");
  const lines = next.split("\n\n", 1)[0]?.split("\n") ?? [];
  return lines.map((line) => line.trim().split(/ {3,}/)[0] ?? "");
}
