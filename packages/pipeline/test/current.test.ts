import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  currentPipeline,
  currentResource,
  currentSource,
  pipelineState,
  resourceState,
  sourceState,
} from "../src/current.js";
import { resource, source, transformer } from "../src/index.js";
import { newMachine } from "./new-machine.js";

test("without a pipeline there is no state, and the error says what to do", async () => {
  // Only a process of its own has certainly made no pipeline.
  const program = `
    const { currentPipeline, currentResource, currentSource, resourceState, sourceState } = await import("./src/current.js");
    const codeOf = (read) => { try { read(); } catch (error) { return error.code; } };
    console.log(JSON.stringify([currentPipeline(), currentSource(), currentResource(), codeOf(sourceState), codeOf(resourceState)]));`;
  const args = ["--conditions=@dlt/source", "--import=tsx", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: new URL("..", import.meta.url) });
  expect(JSON.parse(stdout)).toEqual([null, null, null, "STATE_NOT_AVAILABLE", "STATE_NOT_AVAILABLE"]);
});

test("functions of resources, steps and transformers have the state of their own", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const count = (key: string) => {
    const state = resourceState();
    state[key] = Number(state[key] ?? 0) + 1;
  };
  const made = source({ name: "zoo" }, () => {
    const animals = resource({ name: "animals" }, async function* () {
      count("calls");
      sourceState()["seen"] = currentSource();
      yield [{ id: 1 }, { id: 2 }];
      await wait(1);
      count("calls");
      resourceState("sounds")["from"] = currentResource();
      yield { id: 3 };
    })
      .addMap(async (animal) => {
        await wait(1);
        count("maps");
        return animal;
      })
      .addFilter(() => {
        count("filters");
        return true;
      });
    const sounds = transformer({ name: "sounds", parallelized: true }, async ({ id }: { id: number }) => {
      await wait(1);
      count("calls");
      expect(currentPipeline()).toBe(p);
      return { id, by: currentResource() };
    });
    return [animals, animals.pipe(sounds)];
  });
  await p.run(made());
  expect(p.state.sources["zoo"]).toEqual({
    seen: "zoo",
    resources: { animals: { calls: 2, maps: 3, filters: 3 }, sounds: { calls: 3, from: "animals" } },
  });
  expect(await machine.query('SELECT DISTINCT "by" FROM sounds')).toEqual([{ by: "sounds" }]);
});

test("outside of resources the state is a copy that cannot be changed", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const seen: unknown[] = [];
  const zoo = source({ name: "zoo" }, () => {
    seen.push([currentSource(), currentResource(), sourceState()["n"] ?? null, resourceState("animals")["n"] ?? null]);
    expect(() => {
      sourceState()["n"] = 7;
    }).toThrow(TypeError);
    return [
      resource({ name: "animals" }, ({ state, sourceState: live }) => {
        state["n"] = 1;
        live["n"] = 2;
        return [{ id: 1 }];
      }),
    ];
  });
  await p.run(zoo);
  await p.run(zoo);
  expect(seen).toEqual([
    ["zoo", null, null, null],
    ["zoo", null, 2, 1],
  ]);
  expect(sourceState()).toEqual(p.state.sources["zoo"]);
  expect(sourceState("other")).toEqual({});
  expect(resourceState("animals")).toEqual({ n: 1 });
  expect(pipelineState().pipelineName).toBe("shop");
  const other = machine.pipeline({ pipelineName: "other" });
  expect(currentPipeline()).toBe(other);
  await other.close();
  expect(currentPipeline()).toBe(p);
});

test("however many resources and pipelines run at once, each sees its own", { timeout: 60_000 }, async () => {
  const plan = fc.record({
    resources: fc.integer({ min: 1, max: 12 }),
    pages: fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 2 }), async (plans) => {
      const machine = await newMachine();
      const runs = plans.map(async ({ resources, pages }, at) => {
        const p = machine.pipeline({ pipelineName: `p${at}` });
        const many = Array.from({ length: resources }, (_, n) =>
          resource({ name: `r${n}` }, async function* () {
            for (const [rows, waits] of pages) {
              if (waits) await wait(0);
              const state = resourceState();
              state["by"] = [currentPipeline()?.pipelineName, currentSource(), currentResource()];
              state["rows"] = Number(state["rows"] ?? 0) + rows;
              yield Array.from({ length: rows }, (_, id) => ({ id }));
            }
          }).addMap(async (row) => {
            await Promise.resolve();
            return { ...row, by: currentResource() };
          }),
        );
        await p.extract(source({ name: `s${at}` }, () => many)());
        const total = pages.reduce((sum, [rows]) => sum + rows, 0);
        for (let n = 0; n < resources; n++) {
          const state = p.state.sources[`s${at}`]?.resources?.[`r${n}`];
          expect(state).toEqual({ by: [`p${at}`, `s${at}`, `r${n}`], rows: total });
        }
      });
      await Promise.all(runs);
    }),
    { numRuns: 10 },
  );
});

test("what ends a generator early is in its scope too", async () => {
  const machine = await newMachine();
  const ended: (string | null)[] = [];
  const endless = resource({ name: "endless" }, function* () {
    try {
      for (let id = 0; ; id++) yield { id };
    } finally {
      ended.push(currentResource());
    }
  });
  await machine.pipeline().extract(endless.addLimit(3));
  for await (const _ of resource({ name: "alone" }, function* () {
    ended.push(currentResource());
    resourceState()["forgotten"] = true;
    yield { id: 1 };
  }))
    ended.push(currentResource());
  expect(ended).toEqual(["endless", "alone", null]);
});
