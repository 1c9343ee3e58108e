import { spawn } from "node:child_process";
import { connect } from "node:net";
import { endWithProcess } from "./end-with-process.js";

export interface ServerProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  /** Its own, removed when it ends. */
  readonly folder: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it says when it listens and can be used. Default: it can be used when it listens. */
  readonly readyText?: string;
  /** Whom it runs as. Default: whom this process runs as. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Starts a program and waits until it can be used; it ends with this process. */
export async function startServer(server: ServerProcess): Promise<void> {
  const { program, args, port, folder, env, readyText = "", user } = server;
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    ...(env && { env: { ...process.env, ...env } }),
    ...user,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2000);
  });
  let ended: Error | null = null;
  child.on("error", (error) => {
    ended = error;
  });
  child.on("exit", (code) => {
    ended ??= new Error(`\`${program}\` ended with code ${code}: ${said}`);
  });
  while (!(await answers(port)) || !said.includes(readyText)) if (ended !== null) throw ended;
  if (child.pid !== undefined) endWithProcess(child.pid, folder);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
