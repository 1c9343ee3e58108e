import { chmodSync, chownSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { startPostgres, type TestServer } from "@dlt/test-servers";

/** A server whose certificate is for `localhost`, and signed by itself. */
export function tlsServer(): Promise<TestServer> {
  return startPostgres((dataFolder) => {
    const { uid, gid } = statSync(dataFolder);
    for (const name of ["server.crt", "server.key"]) {
      const copy = join(dataFolder, name);
      copyFileSync(new URL(`./tls/${name}`, import.meta.url), copy);
      chmodSync(copy, 0o600);
      chownSync(copy, uid, gid);
    }
    return { ssl: "on" };
  });
}
