// Loads the days of a scenario that are left, and kills its own process on the way. Runs what is built, because that starts fast.
// Arguments: destination, where it is, the folder of the pipeline, scenario, first day, the point of the run at which to die (0: never), and
// how many turns of the event loop later, in the middle of whatever is under way. Prints the days that were loaded, and the points last.
import { writeSync } from "node:fs";
import { argv, kill, pid } from "node:process";
import { setImmediate } from "node:timers/promises";
import { duckdb } from "@dlt/destination-duckdb";
import { filesystem } from "@dlt/destination-filesystem";
import { postgres } from "@dlt/destination-postgres";
import { defaultRuntime, pipeline } from "@dlt/pipeline";
import { faultScenarios } from "@dlt/testing";

const destinations = {
  duckdb: (credentials) => duckdb({ credentials }),
  files: (bucketUrl) => filesystem({ bucketUrl }),
  postgres: (credentials) => postgres({ credentials }),
};

const [on, location, folder, name, firstDay, dieAt, turns] = argv.slice(2);
const scenario = faultScenarios.find((each) => each.name === name);
let points = 0;
const runtime = {
  ...defaultRuntime(),
  env: scenario.env ?? {},
  argv: [],
  cwd: folder,
  reached: async () => {
    points += 1;
    if (points === Number(dieAt)) void die();
  },
};
for (let day = Number(firstDay); day <= scenario.days; day++) {
  const destination = destinations[on](location);
  const loaded = pipeline({ pipelineName: "dying", destination, datasetName: "data", pipelinesDir: folder }, runtime);
  await scenario.load(loaded, day, destination.capabilities);
  writeSync(1, `day ${day}\n`);
}
writeSync(1, `points ${points}\n`);

async function die() {
  for (let turn = 0; turn < Number(turns); turn++) await setImmediate();
  kill(pid, "SIGKILL");
}
