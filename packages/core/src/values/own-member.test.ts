import { expect, test } from "vitest";
import { inherited, inheritedNames } from "../../test/prototypes.js";
import { ownMember, setOwnMember } from "./own-member.js";

test("names that objects inherit are names like any other", () => {
  const before = inherited();
  const members: Record<string, number> = {};
  for (const name of inheritedNames) {
    expect(ownMember(members, name)).toBeUndefined();
    setOwnMember(members, name, 1);
    setOwnMember(members, name, 2);
    expect(ownMember(members, name)).toBe(2);
  }
  expect(Object.keys(members)).toEqual(inheritedNames);
  expect(Object.getPrototypeOf(members)).toBe(Object.prototype);
  expect(inherited()).toEqual(before);
});
