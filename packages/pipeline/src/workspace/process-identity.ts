import { readFileSync, readlinkSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";

/** Which process, so exactly that a later process with the same number is told apart where the system allows. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the start of the system and that of the process (Linux); `null` elsewhere. */
  readonly startTime: string | null;
  readonly host: HostIdentity;
}

/** Where process numbers mean the same: one boot of one machine, and one namespace of process numbers. */
export interface HostIdentity {
  readonly name: string;
  /** The id of this boot (Linux), elsewhere the addresses of the network interfaces. */
  readonly machine: string;
  /** Linux only, otherwise `null`. Containers differ in it. */
  readonly pidNamespace: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: processStat(process.pid)?.startTime ?? null,
    host: {
      name: hostname(),
      machine: readOrNull(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? networkAddresses(),
      pidNamespace: readOrNull(() => readlinkSync("/proc/self/ns/pid")),
    },
  };
}

export function isSameHost(a: HostIdentity, b: HostIdentity): boolean {
  return a.name === b.name && a.machine === b.machine && a.pidNamespace === b.pidNamespace;
}

/** Whether a process of this host still runs. When the system does not tell, it counts as running. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!processExists(identity.pid)) return false;
  const stat = processStat(identity.pid);
  if (stat === null) return true;
  // A killed process stays in the table until its parent has asked for its exit code.
  if (stat.state === "Z" || stat.state === "X") return false;
  return identity.startTime === null || identity.startTime === stat.startTime;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Fields 3 and 22 of `/proc/<pid>/stat` (proc(5)); field 2 is a name in parentheses that may hold anything. */
function processStat(pid: number): { readonly state: string; readonly startTime: string } | null {
  const text = readOrNull(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  const startTime = fields[19];
  return state === undefined || startTime === undefined ? null : { state, startTime };
}

function networkAddresses(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...new Set(addresses.filter(({ internal }) => !internal).map(({ mac }) => mac))].sort().join(" ");
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
