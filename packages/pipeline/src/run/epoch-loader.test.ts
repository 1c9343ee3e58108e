import { expect, test } from "vitest";
import type { LoadInfo } from "../info/load-info.js";
import { EpochLoader } from "./epoch-loader.js";

/** A load that goes on until it is told how to end. */
function controlledLoads() {
  const started: { end(): void; fail(error: Error): void }[] = [];
  const load = (): Promise<LoadInfo> =>
    new Promise((resolve, reject) => {
      started.push({ end: () => resolve({ isEmpty: true } as LoadInfo), fail: reject });
    });
  return { started, load };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined;
}

test("epochs are loaded one load after the other, and the extract waits when too many wait", async () => {
  const { started, load } = controlledLoads();
  const loader = new EpochLoader(load);
  let added = 0;
  const adding = (async () => {
    for (let epoch = 0; epoch < 4; epoch++) {
      await loader.add();
      added += 1;
    }
  })();
  await turns();
  expect({ added, loads: started.length }).toEqual({ added: 2, loads: 1 });
  started[0]?.end();
  await turns();
  // The two that came meanwhile are loaded together.
  expect({ added, loads: started.length }).toEqual({ added: 3, loads: 2 });
  started[1]?.end();
  await turns();
  started[2]?.end();
  await adding;
  await turns();
  started[3]?.end();
  expect(await loader.finish()).toMatchObject({ isEmpty: true });
});

test("a load that fails aborts, lets the extract go, and is told in the end", async () => {
  const { started, load } = controlledLoads();
  const loader = new EpochLoader(load);
  const adding = Promise.all([loader.add(), loader.add(), loader.add()]);
  await turns();
  started[0]?.fail(new Error("refused"));
  await adding;
  expect(loader.failed.aborted).toBe(true);
  await loader.settled();
  await loader.add();
  expect(started).toHaveLength(1);
  await expect(loader.finish()).rejects.toThrow("refused");
});

test("without an epoch nothing is loaded", async () => {
  const { started, load } = controlledLoads();
  expect(await new EpochLoader(load).finish()).toBeNull();
  expect(started).toEqual([]);
});
