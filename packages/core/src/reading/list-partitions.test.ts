import { expect, test } from "vitest";
import { incremental } from "../authoring/incremental.js";
import { resource } from "../authoring/resource.js";
import { plainEnvironment } from "./environment.js";
import { listPartitions } from "./list-partitions.js";

const environment = () => ({ ...plainEnvironment(new AbortController().signal), source: "shop" });

test("a resource is told where its cursor starts, and its state", async () => {
  const own = environment();
  own.resourceState("r")["incremental"] = {
    id: { initial_value: 0, last_value: 7, unique_hashes: ["h"], start_value: 0 },
  };
  own.sourceState()["shared"] = true;
  const parts = resource(
    {
      name: "r",
      incremental: incremental("id", { initialValue: 0 }),
      partitions: async ({ incremental: { startValue }, state, sourceState }) => [
        { from: startValue, knows: Object.keys(state), shared: sourceState["shared"] === true },
      ],
    },
    () => [],
  );
  expect(await listPartitions(parts, own)).toEqual([{ from: 7, knows: ["incremental"], shared: true }]);
});

test("a resource that says nothing has no parts; in a run there is none to read", async () => {
  const seen: unknown[] = [];
  const whole = resource({ name: "r" }, (context) => {
    seen.push(context.partition);
    return [{ id: 1 }];
  });
  expect(await listPartitions(whole, environment())).toBeNull();
  for await (const row of whole) expect(row).toEqual({ id: 1 });
  expect(seen).toEqual([undefined]);
});

test.each([
  ["a date", [new Date(0)]],
  ["a big integer", [1n]],
  ["nothing", [undefined]],
  ["not a number", [Number.NaN]],
  ["a date in an object", [{ at: new Date(0) }]],
  ["no list", { from: 1 }],
])("parts with %s are refused", async (_, given) => {
  const parts = resource({ name: "r", partitions: () => given as never[] }, () => []);
  await expect(listPartitions(parts, environment())).rejects.toMatchObject({
    code: "RESOURCE_PARTITIONS_INVALID",
    context: { source: "shop", resource: "r", step: "partitions" },
  });
});

test("what its function throws names the resource", async () => {
  const parts = resource(
    {
      name: "r",
      partitions: () => {
        throw new Error("the line is dead");
      },
    },
    () => [],
  );
  await expect(listPartitions(parts, environment())).rejects.toThrow(
    "Resource `r` of source `shop` failed in partitions: Error: the line is dead",
  );
});
