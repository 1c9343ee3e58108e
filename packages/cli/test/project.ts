import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const installed = fileURLToPath(new URL("../node_modules/@dlt", import.meta.url));
const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** How a call of `dlt` ended. */
interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A project of a user, in a folder of its own, where the library and DuckDB are installed. */
export interface Project {
  readonly folder: string;
  write(name: string, content: string): Promise<void>;
  /** Runs the command there. `input` is piped into it; `whileRunning` is told of each piece of the standard error. */
  dlt(
    args: readonly string[],
    options?: {
      readonly input?: string | Uint8Array;
      readonly env?: Readonly<Record<string, string>>;
      readonly onText?: (text: string, stop: (signal: NodeJS.Signals) => void) => void;
    },
  ): Promise<Ended>;
}

export async function newProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "dlt-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const modules = join(folder, "node_modules", "@dlt");
  await mkdir(modules, { recursive: true });
  for (const name of ["core", "pipeline", "destination-duckdb", "destination-postgres"]) {
    await symlink(join(installed, name), join(modules, name), "dir");
  }
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  return {
    folder,
    write: async (name, content) => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    },
    dlt: (args, options = {}) => runDlt(folder, args, options),
  };
}

async function runDlt(
  cwd: string,
  args: readonly string[],
  { input, env, onText }: NonNullable<Parameters<Project["dlt"]>[1]>,
): Promise<Ended> {
  // Without the conditions of this repository: what is built runs, as for a user, and who started the tests does not matter.
  const { NODE_OPTIONS: _, NODE_PATH: __, CI: ___, npm_config_user_agent: ____, ...inherited } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...inherited, DLT_DATA_DIR: join(cwd, "data"), ...env },
    stdio: "pipe",
  });
  let [out, err] = ["", ""];
  const told = (text: string): void => onText?.(text, (signal) => void child.kill(signal));
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    told(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    told(text);
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("close", settle);
  });
  return { code, out, err };
}
