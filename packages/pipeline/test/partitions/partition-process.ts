import { readFile, writeFile } from "node:fs/promises";
import { argv, kill, pid } from "node:process";
import type { Partition, PartitionManifest } from "../../src/index.js";
import { machineIn } from "../machine.js";
import { shopOn } from "./partition-scenario.js";

// Runs the partitions in a file and writes their manifests to another one; kills its own process when a named point is reached.
const [folder = "", day = "1", from = "", to = "", point = ""] = argv.slice(2);
const { pipeline, runtime } = machineIn(folder);
const worker = pipeline(
  { pipelinesDir: `${folder}/not-here` },
  {
    ...runtime,
    reached: (reached) => {
      if (reached === point) kill(pid, "SIGKILL");
    },
  },
);
const partitions = JSON.parse(await readFile(from, "utf8")) as readonly Partition[];
const manifests: PartitionManifest[] = [];
for (const partition of partitions) manifests.push(await worker.runPartition(partition, shopOn(Number(day))));
await writeFile(to, JSON.stringify(manifests));
