import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startServer } from "./server-process.js";

export interface InstalledPostgres {
  /** Folder of `initdb` and `postgres`. */
  readonly programs: string;
  readonly port: number;
  /** Its own, removed when it ends. */
  readonly folder: string;
  readonly user: string;
  readonly password: string;
  readonly initdbFlags: readonly string[];
  /** Read between making the data and the start. */
  postgresFlags(): readonly string[];
}

/** Makes a database cluster and starts its server with programs that are installed. */
export async function startInstalledPostgres(options: InstalledPostgres): Promise<void> {
  const { programs, port, folder, user, password, initdbFlags, postgresFlags } = options;
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  mkdirSync(data);
  writeFileSync(passwordFile, password);
  // It refuses to run as root; Debian's package brings a user for it.
  const owner = process.getuid?.() === 0 ? idsOf("postgres") : undefined;
  if (owner) for (const path of [data, passwordFile]) chownSync(path, owner.uid, owner.gid);
  execFileSync(
    join(programs, "initdb"),
    [`--pgdata=${data}`, `--username=${user}`, "--auth=scram-sha-256", `--pwfile=${passwordFile}`, ...initdbFlags],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"], ...owner },
  );
  await startServer({
    program: join(programs, "postgres"),
    args: ["-D", data, "-p", String(port), ...postgresFlags()],
    port,
    folder,
    readyText: "ready to accept connections",
    ...(owner && { user: owner }),
  });
}

function idsOf(user: string): { readonly uid: number; readonly gid: number } {
  const [uid, gid] = ["-u", "-g"].map((what) => Number(execFileSync("id", [what, user], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) throw new Error(`There is no user ${user}.`);
  return { uid, gid };
}
