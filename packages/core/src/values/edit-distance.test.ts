import { expect, test } from "vitest";
import { editDistance } from "./edit-distance.js";

test.each([
  ["", "", 0],
  ["", "abc", 3],
  ["workers", "workers", 0],
  ["wrokers", "workers", 1],
  ["worker", "workers", 1],
  ["acess_tokn", "access_token", 2],
  ["load", "loud", 1],
  ["ca", "abc", 3],
])("from %j to %j it is %i", (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});
