import { expect, test, vi } from "vitest";
import { keysOf, load, loadIds, memoryPlace, openClient, plan, stateOf, table } from "./support.js";

const [first, second] = loadIds;
const users = table("users");

test("each call of the store is told of before it and after its answer", async () => {
  const place = await memoryPlace();
  const points: string[] = [];
  const client = await openClient({ store: place.store, reached: (point) => void points.push(point) });
  await load(client, plan([users], { loadId: first }), stateOf(first));
  expect(points.length).toBeGreaterThan(20);
  for (const call of [() => client.state?.datasetExists(), () => client.state?.readLastLoadId()]) {
    points.length = 0;
    await call();
    expect(points).toEqual(["destination.request.sent", "destination.request.answered"]);
  }
});

test("what is thrown before a call keeps it from being made, and what is thrown after it is thrown by the client", async () => {
  vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
  const place = await memoryPlace();
  let failing = "";
  const reached = (point: string) => {
    if (point === failing) throw new Error("cut off");
  };
  const client = await openClient({ store: place.store, reached });
  await load(client, plan([users], { loadId: first }), stateOf(first));
  const before = await keysOf(place.files);
  for (const point of ["destination.request.sent", "destination.request.answered"]) {
    failing = point;
    await expect(client.prepare(plan([users], { loadId: second }))).rejects.toThrow("cut off");
    await expect(client.state?.readLastLoadId()).rejects.toThrow("cut off");
  }
  expect(await keysOf(place.files)).toEqual(before);
});
