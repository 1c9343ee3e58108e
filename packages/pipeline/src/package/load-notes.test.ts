import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CalendarDate, Decimal } from "@dlt/core";
import { expect, onTestFinished, test } from "vitest";
import { workingFolder } from "../workspace/working-folder.js";
import { openLoadNotes } from "./load-notes.js";

/** A store with the folder of a load. */
async function storeOf(loadId: string) {
  const pipelinesDir = await mkdtemp(join(tmpdir(), "dlt-notes-"));
  onTestFinished(() => rm(pipelinesDir, { recursive: true }));
  const folder = workingFolder({ pipelineName: "p", pipelinesDir, runtime: { env: {}, cwd: pipelinesDir } });
  const path = join(folder.packagesPath, "normalized", loadId);
  await mkdir(path, { recursive: true });
  return { store: { folder, reached: () => undefined }, file: join(path, "notes.jsonl"), path };
}

test("notes and state are found again, with values that JSON does not have", async () => {
  const { store } = await storeOf("1");
  {
    await using notes = await openLoadNotes(store, "1");
    expect(notes.ofJob("a")).toBeNull();
    const first = notes.step("a");
    Object.assign(first.state, {
      price: new Decimal("1.10"),
      on: new CalendarDate(3),
      big: 2n ** 60n,
      text: "\uf026plain",
    });
    await first.keep({ rows: 2 });
    const second = notes.step("b");
    expect(second.state).toMatchObject({ price: new Decimal("1.10") });
    delete second.state["on"];
    second.state["__proto__x"] = undefined;
    await second.keep({ rows: 1 });
    const forgotten = notes.step("a");
    forgotten.state["price"] = null;
  }
  await using notes = await openLoadNotes(store, "1");
  expect([notes.ofJob("a"), notes.ofJob("b")]).toEqual([{ rows: 2 }, { rows: 1 }]);
  expect(notes.step("a").state).toEqual({ price: new Decimal("1.10"), big: 2n ** 60n, text: "\uf026plain" });
});

test("what a crash cut off does not count, nor does it spoil what follows", async () => {
  const { store, file } = await storeOf("1");
  {
    await using notes = await openLoadNotes(store, "1");
    await notes.step("a").keep({ rows: 2 });
  }
  const whole = (await readFile(file, "utf8")).trim();
  for (const length of [1, whole.length >> 1, whole.length - 1]) {
    await appendFile(file, `\n${whole.replace('"rows":2', '"rows":4').slice(0, length)}`);
    await using notes = await openLoadNotes(store, "1");
    expect(notes.ofJob("a")).toEqual({ rows: 2 });
    await notes.step("b").keep({ rows: length });
    await using again = await openLoadNotes(store, "1");
    expect([again.ofJob("a"), again.ofJob("b")]).toEqual([{ rows: 2 }, { rows: length }]);
  }
});

test("steps at the same time are all kept, and fail together when they cannot be", async () => {
  const { store, path } = await storeOf("1");
  const jobs = Array.from({ length: 20 }, (_, job) => `job ${job}`);
  {
    await using notes = await openLoadNotes(store, "1");
    await Promise.all(jobs.map((job, rows) => notes.step(job).keep({ rows })));
  }
  await using kept = await openLoadNotes(store, "1");
  expect(jobs.map((job) => kept.ofJob(job))).toEqual(jobs.map((_, rows) => ({ rows })));
  await rm(path, { recursive: true });
  const failed = await Promise.allSettled(jobs.map((job) => kept.step(job).keep({ rows: 99 })));
  expect(failed.map((each) => each.status === "rejected" && (each.reason as { code: string }).code)).toEqual(
    jobs.map(() => "STORAGE_FAILED"),
  );
  expect(kept.ofJob("job 3")).toEqual({ rows: 3 });
});
