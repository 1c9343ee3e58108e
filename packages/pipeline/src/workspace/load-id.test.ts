import fc from "fast-check";
import { expect, test } from "vitest";
import { compareLoadIds, loadIdMicros, nextLoadId } from "./load-id.js";

const at = (micros: bigint) => ({ nowMicros: () => micros });

test("an id is the time in seconds with six decimals", () => {
  expect(nextLoadId(at(1_714_000_000_000_042n), null)).toBe("1714000000.000042");
});

test("an id is greater than the last one, also when the clock stands still or is behind", () => {
  expect(nextLoadId(at(1_714_000_000_000_042n), "1714000000.000042")).toBe("1714000000.000043");
  expect(nextLoadId(at(1n), "1714000000.999999")).toBe("1714000001.000000");
});

test("an id of Python dlt with seven decimals or fewer than six is passed", () => {
  expect(nextLoadId(at(1n), "1714000000.1234567")).toBe("1714000000.123457");
  expect(nextLoadId(at(1n), "1714000000.5")).toBe("1714000000.500001");
});

test("every next id is greater by number and as text", () => {
  const micros = fc.bigInt({ min: 1_000_000_000_000_000n, max: 9_999_999_999_000_000n });
  fc.assert(
    fc.property(micros, micros, (now, last) => {
      const lastId = nextLoadId(at(last), null);
      const next = nextLoadId(at(now), lastId);
      expect(compareLoadIds(lastId, next)).toBe(-1);
      expect(compareLoadIds(next, lastId)).toBe(1);
      expect(lastId < next).toBe(true);
      expect(loadIdMicros(next)).toBe(now > last ? now : last + 1n);
    }),
  );
});

test("ids of the same microsecond are told apart by their text", () => {
  expect(compareLoadIds("1714000000.1234567", "1714000000.1234568")).toBe(-1);
  expect(compareLoadIds("1714000000.5", "1714000000.5")).toBe(0);
});

test.each(["", "abc", "1.2.3", "-1.5", "1e9", "1714000000."])("%j is not a load id", (loadId) => {
  expect(() => loadIdMicros(loadId)).toThrow(expect.objectContaining({ code: "LOAD_ID_INVALID" }));
});
