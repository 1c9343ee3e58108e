import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

export interface Azurite extends AsyncDisposable {
  /** As the settings of a bucket have them. */
  readonly credentials: {
    readonly azureStorageAccountName: string;
    readonly azureStorageAccountKey: string;
    readonly azureAccountHost: string;
  };
}

/** Starts Microsoft's emulator of Azure Blob Storage, in memory, on a free port. */
export async function startAzurite(): Promise<Azurite> {
  const program = createRequire(import.meta.url).resolve("azurite/dist/src/blob/main.js");
  const options = [
    "--inMemoryPersistence",
    "--disableTelemetry",
    "--skipApiVersionCheck",
    "--blobHost",
    "127.0.0.1",
    "--blobPort",
    "0",
  ];
  const child = spawn(process.execPath, [program, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let port: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    port = /listens on https?:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) break;
  }
  if (port === undefined) throw new Error("Azurite ended before it listened.");
  child.stdout.resume();
  return {
    credentials: {
      azureStorageAccountName: "devstoreaccount1",
      // Published by Microsoft, the same in every copy of the emulator.
      azureStorageAccountKey:
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
      azureAccountHost: `http://127.0.0.1:${port}/devstoreaccount1`,
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}
