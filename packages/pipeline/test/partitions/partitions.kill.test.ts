import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Partition, PartitionManifest } from "../../src/index.js";
import type { Machine } from "../machine.js";
import { newMachine } from "../new-machine.js";
import { brokenRules, loadedContent, shopOn } from "./partition-scenario.js";

const script = fileURLToPath(new URL("partition-process.ts", import.meta.url));

/** Runs partitions in a process of its own. @returns their manifests, or the signal that ended it */
async function runElsewhere(
  machine: Machine,
  partitions: readonly (Partition | undefined)[],
  { day, name, killAt = "" }: { readonly day: number; readonly name: string; readonly killAt?: string },
): Promise<readonly PartitionManifest[] | string | null> {
  const [from, to] = ["partitions", "manifests"].map((kind) => join(machine.folder, `${kind}-${name}.json`)) as [
    string,
    string,
  ];
  await writeFile(from, JSON.stringify(partitions));
  const child = spawn(
    process.execPath,
    ["--conditions=@dlt/source", "--import=tsx", script, machine.folder, String(day), from, to, killAt],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code === 0 ? (JSON.parse(await readFile(to, "utf8")) as readonly PartitionManifest[]) : signal;
}

test("partitions of other processes, in any order, some twice, one killed, load what a run loads", {
  timeout: 120_000,
}, async () => {
  const plain = await newMachine();
  const machine = await newMachine();
  const exchange = join(machine.folder, "exchange");
  for (const day of [1, 2]) {
    await plain.pipeline().run(shopOn(day));

    const { partitions, notSplit, planId } = await machine.pipeline().plan(shopOn(day), { exchange });
    expect(partitions).toEqual(JSON.parse(JSON.stringify(partitions)));
    expect(partitions.map(({ resources, range }) => [resources.join(), range])).toEqual([
      ...(day === 1
        ? [
            ["sales,baskets", { from: 0, to: 2 }],
            ["sales,baskets", { from: 2, to: 4 }],
            ["sales,baskets", { from: 4, to: 6 }],
          ]
        : [
            ["sales,baskets", { from: 5, to: 8 }],
            ["sales,baskets", { from: 8, to: 11 }],
            ["sales,baskets", { from: 11, to: 12 }],
          ]),
      ["catalogue", "north"],
      ["catalogue", "south"],
      ["visits", undefined],
      ["nothing", undefined],
    ]);
    expect(notSplit).toEqual([]);

    const killAt = day === 1 ? "partition.written" : "partition.chunk.written";
    const run = (name: string, indexes: readonly number[], more: { readonly killAt?: string } = {}) =>
      runElsewhere(
        machine,
        indexes.map((index) => partitions[index]),
        { day, name, ...more },
      );
    const [killed, first, second] = await Promise.all([
      run("killed", [1], { killAt }),
      run("first", [4, 1, 6, 0]),
      run("second", [3, 2, 5, 1, 3]),
    ]);
    expect(killed).toBe("SIGKILL");
    const manifests = [first, second].flat() as readonly PartitionManifest[];
    expect(manifests.map(({ index }) => index)).toEqual([4, 1, 6, 0, 3, 2, 5, 1, 3]);
    await expect(access(join(machine.folder, "not-here"))).rejects.toThrow("ENOENT");

    const info = await machine.pipeline().commit(manifests);
    expect(info).toMatchObject({ planId, alreadyLoaded: false, loadsIds: [manifests[0]?.loadId] });
    expect(info.normalizedAgain.length).toBeLessThan(partitions.length);
    expect(await readdir(exchange)).toEqual([]);
    expect(await brokenRules(machine)).toEqual([]);
    expect(await loadedContent(machine)).toEqual(await loadedContent(plain));
    expect(machine.pipeline().state.sources).toEqual(plain.pipeline().state.sources);
  }
  // What one of them left, the other goes on with.
  await plain.pipeline().run(shopOn(3));
  await machine.pipeline().run(shopOn(3));
  expect(await loadedContent(machine)).toEqual(await loadedContent(plain));
});
