import { spawn } from "node:child_process";
import type { Socket } from "node:net";

/** Ends a server and removes its folder when this process is gone, however it goes: the input of the shell ends with it. */
export function endWithProcess(server: number, folder: string): void {
  const script = 'cat; kill -QUIT "$0"; while kill -0 "$0" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"';
  const shell = spawn("sh", ["-c", script, String(server), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  (shell.stdin as Socket).unref();
}
