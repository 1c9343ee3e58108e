import { source } from "@dlt/core";
import { expect, test } from "vitest";
import type { Pipeline } from "../../src/index.js";
import { newMachine } from "../new-machine.js";
import { counted } from "./counted.js";

const sources = () => ["a", "b"].map((name) => source({ name }, () => [counted(`of_${name}`, 3)])());

const runs: readonly (readonly [string, (p: Pipeline) => Promise<unknown>])[] = [
  ["a run", (p) => p.run(sources())],
  ["a run in epochs", (p) => p.run(sources(), { checkpoint: { everyRows: 1_000 } })],
  ["a run that goes on with what was extracted", (p) => p.extract(sources()).then(() => p.run())],
];

test.each(runs)(
  "when %s ends between the packages of an extract, no state is loaded without its rows",
  async (_, run) => {
    const machine = await newMachine();
    const runtime = {
      ...machine.runtime,
      reached: (point: string) => {
        if (point === "normalize.extracted.removed") throw new Error("died");
      },
    };
    await expect(run(machine.pipeline({}, runtime))).rejects.toThrow("died");
    expect(await machine.pipeline().listNormalizedLoadPackages()).toHaveLength(1);
    await machine.pipeline().load();

    // Another machine has only what is loaded.
    await machine.pipeline().drop();
    await machine.pipeline().run(sources());
    const rows = await machine.queryAll({
      a: "SELECT DISTINCT id FROM of_a",
      b: "SELECT DISTINCT id FROM of_b",
    });
    expect([rows["a"], rows["b"]].map((each) => each?.length)).toEqual([30, 30]);
  },
);

test("an epoch of a source that is not the first of its pipeline has the state in a package of its own", async () => {
  const machine = await newMachine();
  const [first, second] = sources();
  if (first === undefined || second === undefined) throw new Error("There is no such source.");
  await machine.pipeline().run(first);
  const { loadPackages } = await machine.pipeline().run(second, { checkpoint: { everyRows: 1_000 } });
  const states = (await machine.query("SELECT _dlt_load_id AS id FROM _dlt_pipeline_state")).map(({ id }) => id);
  expect(loadPackages.map(({ schemaName, loadId }) => [schemaName, states.includes(loadId)])).toEqual([
    ["b", false],
    ["a", true],
  ]);
});
