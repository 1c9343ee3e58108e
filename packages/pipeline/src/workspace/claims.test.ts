import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { bundleScript } from "../../test/bundle.js";
import { defaultRuntime } from "../runtime.js";
import { claimPipeline, claimsFolder, listClaims } from "./claims.js";
import { ownIdentity } from "./process-identity.js";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "claims-"));
});

afterEach(async () => {
  vi.useRealTimers();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const claim = (options: { readonly waitMs?: number; readonly signal?: AbortSignal } = {}) =>
  claimPipeline({ folder, pipelineName: "shop", runtime: defaultRuntime(), ...options });

const busy = expect.objectContaining({ code: "PIPELINE_BUSY" });

/** Leaves a claim file as another process would, last touched so many seconds ago. */
async function leaveClaim(holder: object | string, ageSeconds = 0): Promise<string> {
  await mkdir(claimsFolder(folder), { recursive: true });
  const path = join(claimsFolder(folder), `${crypto.randomUUID()}.claim`);
  await writeFile(path, `h${typeof holder === "string" ? holder : JSON.stringify(holder)}\n`);
  const touched = Date.now() / 1000 - ageSeconds;
  await utimes(path, touched, touched);
  return path;
}

describe("in one process", () => {
  test("a claim is held until it is disposed of", async () => {
    {
      await using held = await claim();
      await held.assertHeld();
      await expect(claim()).rejects.toThrow(busy);
      expect(await listClaims(folder)).toEqual([expect.objectContaining({ pid: process.pid })]);
    }
    await using again = await claim();
    await again.assertHeld();
    expect(await readdir(claimsFolder(folder))).toHaveLength(1);
  });

  test("a second object of the process is told so", async () => {
    await using _held = await claim();
    await expect(claim()).rejects.toThrow(/in use by another pipeline object of this process, since \d{4}-/);
  });

  test("whoever waits gets the pipeline when it is free", async () => {
    const first = await claim();
    const second = claim({ waitMs: 60_000 });
    await first[Symbol.asyncDispose]();
    await using held = await second;
    await held.assertHeld();
  });

  test("waiting ends with the time limit and with the signal", async () => {
    await using _held = await claim();
    await expect(claim({ waitMs: 30 })).rejects.toThrow(busy);
    const stop = new AbortController();
    const waiting = claim({ waitMs: 60_000, signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  test("a contender leaves nothing behind", async () => {
    const held = await claim();
    await expect(claim()).rejects.toThrow(busy);
    await held[Symbol.asyncDispose]();
    expect(await readdir(claimsFolder(folder))).toEqual([]);
  });

  test("any number of contenders hold it one after the other", async () => {
    const turns = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turns, async (stepsHeld) => {
        let holders = 0;
        let served = 0;
        const contend = async (steps: number): Promise<void> => {
          await using held = await claim({ waitMs: 60_000 });
          expect(++holders).toBe(1);
          for (let step = 0; step < steps; step++) await held.assertHeld();
          holders--;
          served++;
        };
        await Promise.all(stepsHeld.map(contend));
        expect(served).toBe(stepsHeld.length);
      }),
      { numRuns: 15 },
    );
  });

  test("the holder learns that another took over", async () => {
    await using held = await claim();
    for (const name of await readdir(claimsFolder(folder))) await rm(join(claimsFolder(folder), name));
    expect(held.lost.aborted).toBe(false);
    await expect(held.assertHeld()).rejects.toThrow(expect.objectContaining({ code: "PIPELINE_CLAIM_LOST" }));
    expect(held.lost.aborted).toBe(true);
  });

  test("the holder gives signs of life, and stops when its file is gone", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    await using held = await claim();
    const [name = ""] = await readdir(claimsFolder(folder));
    const path = join(claimsFolder(folder), name);
    const content = await readFile(path, "utf8");
    await utimes(path, 1, 1);
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(async () => expect((await stat(path)).mtimeMs).toBeGreaterThan(1_000));
    expect(await readFile(path, "utf8")).toBe(content);
    await rm(path);
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(held.lost.aborted).toBe(true));
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a place where no folder can be made is reported", async () => {
  await symlink(join(folder, "nowhere", "deeper"), join(folder, "link"));
  const options = { folder: join(folder, "link", "shop"), pipelineName: "shop", runtime: defaultRuntime() };
  await expect(claimPipeline(options)).rejects.toThrow(expect.objectContaining({ code: "STORAGE_FAILED" }));
});

describe("claims that others left", () => {
  test("of a process of this host that runs", async () => {
    await leaveClaim({ ...ownIdentity(), since: "2024-01-01T00:00:00.000Z" }, 3_600);
    await expect(claim()).rejects.toThrow(busy);
  });

  test.runIf(process.platform === "linux")("of a dead process whose number is in use again", async () => {
    const path = await leaveClaim({ ...ownIdentity(), startTime: "1", since: "2024-01-01T00:00:00.000Z" });
    await using held = await claim();
    await held.assertHeld();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  const elsewhere = {
    pid: process.pid,
    startTime: "1",
    host: { name: "elsewhere", machine: "m", pidNamespace: "p" },
    since: "s",
  };

  test("of another machine, touched a moment ago", async () => {
    await leaveClaim(elsewhere, 25);
    await expect(claim()).rejects.toThrow(/process \d+ on `elsewhere`, since s; if that process is gone/);
  });

  test("of another machine, silent for more than 30 seconds", async () => {
    const path = await leaveClaim(elsewhere, 35);
    await using held = await claim();
    await held.assertHeld();
    await expect(stat(path)).rejects.toThrow("ENOENT");
  });

  test("of another machine, announced but not held", async () => {
    const path = await leaveClaim(elsewhere, 0);
    await writeFile(path, `a${JSON.stringify(elsewhere)}\n`);
    const contender = claim({ waitMs: 60_000 });
    await rm(path);
    await using held = await contender;
    await held.assertHeld();
  });

  test.each(["", "not JSON", "null", "{}"])("with the content %j count until they are old", async (content) => {
    const path = await leaveClaim(content);
    await expect(claim()).rejects.toThrow(busy);
    await utimes(path, 1, 1);
    await using held = await claim();
    await held.assertHeld();
  });

  test("unfinished ones are cleared away when they are old", async () => {
    await mkdir(claimsFolder(folder), { recursive: true });
    const old = join(claimsFolder(folder), "old.new");
    const fresh = join(claimsFolder(folder), "fresh.new");
    await writeFile(old, "");
    await utimes(old, 1, 1);
    await writeFile(fresh, "");
    await using held = await claim();
    await held.assertHeld();
    expect(await readdir(claimsFolder(folder))).toEqual(expect.arrayContaining(["fresh.new"]));
    await expect(stat(old)).rejects.toThrow("ENOENT");
  });
});

describe("between processes", () => {
  let scripts: string;
  let contender: string;

  beforeAll(async () => {
    scripts = await mkdtemp(join(tmpdir(), "contender-"));
    contender = await bundleScript(fileURLToPath(new URL("../../test/claims/contender.ts", import.meta.url)), scripts);
  });
  afterAll(() => rm(scripts, { recursive: true }));

  function start(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [contender, folder, ...args], { stdio: ["pipe", "pipe", "inherit"] });
    children.push(child);
    return child;
  }

  async function firstLine(child: ChildProcess): Promise<string> {
    if (child.stdout === null) throw new Error("the child has no output");
    for await (const line of createInterface({ input: child.stdout })) return line;
    throw new Error("the child ended without a line");
  }

  test("a holder that was killed is gone at once", { timeout: 60_000 }, async () => {
    const child = start("hold");
    expect(await firstLine(child)).toBe("held");
    await expect(claim()).rejects.toThrow(
      expect.objectContaining({ context: expect.objectContaining({ pid: child.pid }) }),
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await readdir(claimsFolder(folder))).toHaveLength(1);
    await using held = await claim();
    await held.assertHeld();
    expect(await readdir(claimsFolder(folder))).toHaveLength(1);
  });

  test("many race, and never do two hold", { timeout: 120_000 }, async () => {
    const racers = Array.from({ length: 6 }, () => start("race", "15"));
    const ready = await Promise.all(racers.map(firstLine));
    expect(ready).toEqual(racers.map(() => "ready"));
    for (const child of racers) child.stdin?.end("go\n");
    const codes = await Promise.all(racers.map(async (child) => (await once(child, "exit"))[0]));
    expect(codes).toEqual(racers.map(() => 0));
    const turns = (await readFile(join(folder, "turns"), "utf8")).split("\n").filter((line) => line !== "");
    expect(turns).toHaveLength(6 * 15);
  });
});

test.runIf(process.platform === "linux")(
  "a killed process that its parent has not asked for is not alive",
  async () => {
    // `sleep` takes the place of the shell and never asks for the exit code of `cat`, which ends with its input.
    const parent = spawn("sh", ["-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 60"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(parent);
    const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
    await vi.waitFor(async () => expect(await readFile(`/proc/${parent.pid}/comm`, "utf8")).toBe("sleep\n"));
    parent.stdin.end();
    await vi.waitFor(async () => expect(await readFile(`/proc/${line}/stat`, "utf8")).toContain(") Z "));
    const own = ownIdentity();
    const startTime = (await readFile(`/proc/${line}/stat`, "utf8")).split(") ")[1]?.split(" ")[19] ?? null;
    await leaveClaim({ ...own, pid: Number(line), startTime, since: "s" });
    await using held = await claim();
    await held.assertHeld();
  },
);
