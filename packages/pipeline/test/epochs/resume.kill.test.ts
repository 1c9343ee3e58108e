import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { backfill, everyRows, fetchedPages, pageCount, rowsOfPage } from "./backfill.js";

const pagesOfEpoch = everyRows / rowsOfPage;

/** Runs the backfill in a process of its own that gets a signal at a page. */
async function runInProcess(
  { folder }: Machine,
  signal: NodeJS.Signals,
  page: number,
): Promise<{ readonly signal: string | null; readonly output: string }> {
  const script = fileURLToPath(new URL("backfill-process.ts", import.meta.url));
  return await new Promise((resolve) => {
    const args = ["--conditions=@dlt/source", "--import=tsx", script, folder, signal, String(page)];
    const child = execFile(process.execPath, args, (_, stdout) =>
      resolve({ signal: child.signalCode, output: stdout }),
    );
  });
}

async function expectAllOnce(machine: Machine): Promise<void> {
  const rows = pageCount * rowsOfPage;
  expect(await machine.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM events")).toEqual([
    { n: rows, ids: rows },
  ]);
  expect(await machine.query("SELECT count(*) AS n FROM events__tags")).toEqual([{ n: rows * 2 }]);
  expect(
    await machine.query("SELECT _dlt_load_id FROM events WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)"),
  ).toEqual([]);
}

describe("a backfill of 1,000 pages", () => {
  test("that is killed at 90 % goes on near there", { timeout: 120_000 }, async () => {
    const machine = await newMachine();
    const killed = await runInProcess(machine, "SIGKILL", 900);
    expect(killed.signal).toBe("SIGKILL");
    const before = fetchedPages(machine.folder);
    expect(before.at(-1)).toBe(900);
    await machine.pipeline().run(backfill(machine.folder), { checkpoint: { everyRows } });
    const again = fetchedPages(machine.folder).slice(before.length);
    expect(again[0]).toBeGreaterThanOrEqual(900 - 2 * pagesOfEpoch);
    expect(again.at(-1)).toBe(pageCount - 1);
    await expectAllOnce(machine);
  });

  test.each(["SIGTERM", "SIGINT"] as const)(
    "that gets %s ends at a checkpoint",
    { timeout: 120_000 },
    async (signal) => {
      const machine = await newMachine();
      const { output, signal: endedBy } = await runInProcess(machine, signal, 300);
      expect(endedBy).toBeNull();
      expect(JSON.parse(output)).toEqual({ canBeContinued: true, stoppedBy: signal });
      const before = fetchedPages(machine.folder);
      expect(before.at(-1)).toBeLessThan(310);
      const info = await machine.pipeline().run(backfill(machine.folder), { checkpoint: { everyRows } });
      expect(info.canBeContinued).toBe(false);
      expect(fetchedPages(machine.folder)[before.length]).toBeGreaterThanOrEqual(300 - pagesOfEpoch / 8);
      await expectAllOnce(machine);
    },
  );

  test("that runs out of time goes on in the next run", { timeout: 120_000 }, async () => {
    const machine = await newMachine();
    const hanging = backfill(machine.folder, async (page, signal) => {
      if (page === 200) await once(signal, "abort");
    });
    const info = await machine.pipeline().run(hanging, { maxDurationMs: 1_000 });
    expect(info).toMatchObject({ canBeContinued: true, stoppedBy: "maxDurationMs" });
    expect(String(info)).toContain("Stopped by maxDurationMs. Run it again to go on from here.");
    const loaded = Number((await machine.query("SELECT count(*) AS n FROM events"))[0]?.["n"]);
    expect(loaded).toBeGreaterThan(0);
    const before = fetchedPages(machine.folder);
    const next = await machine.pipeline().run(backfill(machine.folder), { maxDurationMs: 60_000 });
    expect(next).toMatchObject({ canBeContinued: false, stoppedBy: null });
    expect(fetchedPages(machine.folder)[before.length]).toBe(loaded / rowsOfPage);
    await expectAllOnce(machine);
  });
});
