import { expect, test } from "vitest";
import { incremental, resource, source, transformer } from "../src/index.js";
import { newMachine } from "./new-machine.js";

async function rowsOf(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

const events = (...ids: readonly number[]) =>
  resource(
    { name: "events", primaryKey: "id", incremental: incremental("id", { initialValue: 0 }) },
    ({ state, sourceState }) => {
      state["runs"] = Number(state["runs"] ?? 0) + 1;
      sourceState["seen"] = Number(sourceState["seen"] ?? 0) + 1;
      return [ids.map((id) => ({ id, runs: state["runs"], seen: sourceState["seen"] }))];
    },
  );

test("a source is iterated from the state of the pipeline that was made last, which stays as it was", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const zoo = source({ name: "zoo" }, (_config, { ids }: { ids: readonly number[] }) => {
    const each = events(...ids);
    return [each, each.pipe(transformer({ name: "copies" }, ({ id }: { id: number }) => ({ copy: id })))];
  });
  expect(await rowsOf(zoo({ ids: [1] }).withResources("events"))).toEqual([{ id: 1, runs: 1, seen: 1 }]);
  await p.run(zoo({ ids: [1, 2] }));
  const { state } = p;
  const made = zoo({ ids: [1, 2, 3] });
  for (let turn = 0; turn < 2; turn++) {
    expect(await rowsOf(made)).toEqual([{ id: 3, runs: 2, seen: 2 }, { copy: 3 }]);
    expect(await rowsOf(made.resources.events)).toEqual([{ id: 3, runs: 2, seen: 2 }]);
    expect(await rowsOf(made.resources.copies)).toEqual([{ copy: 3 }]);
  }
  expect(p.state).toEqual(state);
  // Under another name it has a state of its own.
  expect(await rowsOf(made.withName("other").withResources("events"))).toHaveLength(3);
});

test("a resource of no source has the state of the pipeline's own schema", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  expect(await rowsOf(events(1, 2))).toHaveLength(2);
  await p.run(events(1, 2));
  expect(await rowsOf(events(1, 2, 3))).toEqual([{ id: 3, runs: 2, seen: 2 }]);
  const other = machine.pipeline({ pipelineName: "other" });
  expect(await rowsOf(events(1, 2, 3))).toHaveLength(3);
  await other.close();
  expect(await rowsOf(events(1, 2, 3))).toHaveLength(1);
});

test("what a run has loaded is not read again through another object of the pipeline", async () => {
  const machine = await newMachine();
  await using p = machine.pipeline();
  await p.run(events(1, 2));
  await p.close();
  machine.pipeline();
  expect(await rowsOf(events(1, 2, 3))).toEqual([{ id: 3, runs: 2, seen: 2 }]);
});

test("a resource of a source has the state of the source, also if it was run by itself", async () => {
  const machine = await newMachine();
  const p = machine.pipeline();
  const zoo = source({ name: "zoo" }, (_config, { ids }: { ids: readonly number[] }) => [events(...ids)]);
  await p.run(zoo({ ids: [1] }).resources.events);
  expect(Object.keys(p.state.sources)).toEqual(["shop"]);
  expect(await rowsOf(zoo({ ids: [1, 2] }).resources.events)).toHaveLength(2);
  await p.run(zoo({ ids: [1] }));
  expect(await rowsOf(zoo({ ids: [1, 2] }).resources.events)).toEqual([{ id: 2, runs: 2, seen: 2 }]);
});

test("on a machine without a state, iteration starts from nothing until that was fetched", async () => {
  const machine = await newMachine();
  await machine.pipeline().run(events(1, 2));
  const other = await newMachine({ database: machine.database });
  const p = other.pipeline();
  expect(await rowsOf(events(1, 2, 3))).toHaveLength(3);
  await p.sync();
  expect(await rowsOf(events(1, 2, 3))).toEqual([{ id: 3, runs: 2, seen: 2 }]);
});
