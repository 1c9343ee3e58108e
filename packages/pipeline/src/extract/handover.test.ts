import { describe, expect, test } from "vitest";
import { Turns } from "../turns.js";
import { Handover } from "./handover.js";

/** True when the promise is settled without anything else happening. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < 20; turn++) await undefined;
  return settled;
}

describe("Handover", () => {
  test("givers wait until few enough values wait", async () => {
    const handover = new Handover<number>(1);
    const gives = [1, 2, 3].map((value) => handover.give(value));
    const settled = async (): Promise<readonly boolean[]> => await Promise.all(gives.map(isSettled));
    expect(await settled()).toEqual([true, false, false]);
    const values = handover.values();
    expect((await values.next()).value).toBe(1);
    expect(await settled()).toEqual([true, true, false]);
    expect((await values.next()).value).toBe(2);
    expect(await settled()).toEqual([true, true, true]);
    expect((await values.next()).value).toBe(3);
  });

  test("without room each giver waits for its own value to be taken, whatever others do", async () => {
    const handover = new Handover<string>(0);
    const gives = ["a", "b"].map((value) => handover.give(value));
    const values = handover.values();
    await values.next();
    expect(await Promise.all(gives.map(isSettled))).toEqual([true, false]);
    await values.next();
    await Promise.all(gives);
  });

  test("the taker waits for values and for the end", async () => {
    const handover = new Handover<number>(1);
    const values = handover.values();
    const first = values.next();
    expect(await isSettled(first)).toBe(false);
    await handover.give(1);
    expect(await first).toEqual({ done: false, value: 1 });
    const end = values.next();
    handover.end();
    expect((await end).done).toBe(true);
  });

  test("what waits at the end is still taken", async () => {
    const handover = new Handover<number>(5);
    await handover.give(1);
    handover.end();
    const taken: number[] = [];
    for await (const value of handover.values()) taken.push(value);
    expect(taken).toEqual([1]);
  });

  test("a failure comes before what waits, the first one only", async () => {
    const handover = new Handover<number>(0);
    const giving = handover.give(1);
    handover.fail(new Error("first"));
    handover.fail(new Error("second"));
    await giving;
    await expect(handover.values().next()).rejects.toThrow("first");
  });

  test("givers go on when nobody takes any more", async () => {
    const handover = new Handover<number>(0);
    const giving = handover.give(1);
    const values = handover.values();
    await values.next();
    const more = handover.give(2);
    await values.return(undefined);
    await Promise.all([giving, more, handover.give(3)]);
  });
});

describe("Turns", () => {
  test("are given in order, so many at a time, also after failures", async () => {
    const turns = new Turns(2);
    const log: string[] = [];
    const finish: (() => void)[] = [];
    const work = ["a", "b", "c", "d"].map((name) =>
      turns
        .take(async () => {
          log.push(name);
          await new Promise<void>((resolve) => finish.push(resolve));
          if (name === "a") throw new Error("a failed");
        })
        .catch((error: unknown) => log.push((error as Error).message)),
    );
    for (let turn = 0; turn < 20; turn++) await undefined;
    expect(log).toEqual(["a", "b"]);
    finish[0]?.();
    await work[0];
    for (let turn = 0; turn < 20; turn++) await undefined;
    expect([...log].sort()).toEqual(["a", "a failed", "b", "c"]);
    finish[1]?.();
    await work[1];
    for (let turn = 0; turn < 20; turn++) await undefined;
    expect(log).toContain("d");
    for (const each of finish) each();
    await Promise.all(work);
    expect([...log].sort()).toEqual(["a", "a failed", "b", "c", "d"]);
  });
});
