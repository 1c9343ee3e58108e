import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import { onTestFinished, vi } from "vitest";

/** Marked secrets, and where they are searched for. */
export interface Canary {
  /** A text to hide somewhere; `where` is part of it, so that a leak tells where it comes from. */
  secret(where: string): string;
  /** Notes something that a person may see: a value as it prints, in every form. */
  note(seen: unknown): void;
  /** All leaks: in what was noted or printed, and in the files below a folder. */
  leaks(folder: string, options?: { readonly except?: readonly string[] }): Promise<readonly string[]>;
}

const mark = /canary-?[a-z]+-?[0-9a-f]{6}|Y2FuYXJ5[A-Za-z0-9+/]{4,}/i;

/** From here on everything that the process prints is searched, too. */
export function newCanary(): Canary {
  const seen: string[] = [];
  const keep = (text: unknown): boolean => {
    seen.push(typeof text === "string" ? text : Buffer.from(text as Uint8Array).toString("latin1"));
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(keep),
    vi.spyOn(process.stderr, "write").mockImplementation(keep),
    vi.spyOn(process, "emitWarning").mockImplementation((...given: readonly unknown[]) => {
      seen.push(inspect(given, { depth: 9 }));
    }),
    ...(["log", "info", "warn", "error", "debug"] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...given) => void seen.push(inspect(given, { depth: 9 }))),
    ),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return {
    secret: (where) => `canary-${where}-0ab1c2`,
    note(value) {
      seen.push(String(value), inspect(value, { depth: 12, showHidden: true }), jsonOf(value));
      if (value instanceof Error) seen.push(value.stack ?? "", value.message);
    },
    async leaks(folder, { except = [] } = {}) {
      const found = seen.flatMap((text) => lineWithMark(text, "printed"));
      for (const path of await readdir(folder, { recursive: true })) {
        if (except.some((name) => path.endsWith(name))) continue;
        found.push(...lineWithMark(path, "name of a file"), ...lineWithMark(await textOf(join(folder, path)), path));
      }
      return found;
    },
  };
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, member: unknown) => (typeof member === "bigint" ? String(member) : member)) ?? "";
  } catch {
    return "";
  }
}

/** Files of load packages are compressed, some in part. */
async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EISDIR" || error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("latin1");
}

function lineWithMark(text: string, place: string): readonly string[] {
  const found = mark.exec(text);
  return found === null ? [] : [`${place}: ${text.slice(Math.max(0, found.index - 200), found.index + 60)}`];
}
