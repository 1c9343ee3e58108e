import { expect, test } from "vitest";
import { registeredErrors } from "../error-catalogue.js";
import { registerErrors } from "./index.js";

const entry = { title: "The quota of the account is used up", explanation: "It starts anew at midnight UTC." };

test("a connector registers its codes below a prefix of its own", () => {
  expect(registerErrors("ACME", { QUOTA_EXCEEDED: entry })).toEqual({ "ACME:QUOTA_EXCEEDED": entry });
  expect(registeredErrors()).toMatchObject({ "ACME:QUOTA_EXCEEDED": entry });
});

test("nothing is registered when a code cannot be one", () => {
  const invalid = { code: "ERROR_CODE_INVALID", message: expect.stringContaining("cannot be the code") as unknown };
  const register = (prefix: string, name: string) => () =>
    registerErrors(prefix as Uppercase<string>, { FINE: entry, [name as Uppercase<string>]: entry });
  for (const [prefix, name] of [
    ["", "X"],
    ["acme", "X"],
    ["A:B", "X"],
    ["OTHER", "quota"],
    ["OTHER", "QUOTA_"],
    ["OTHER", "QUOTA EXCEEDED"],
  ] as const)
    expect(register(prefix, name), `${prefix}:${name}`).toThrow(expect.objectContaining(invalid) as Error);
  expect(registeredErrors()).not.toHaveProperty("OTHER:FINE");
});
