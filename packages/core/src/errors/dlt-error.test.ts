import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ConfigError, isDltError, SourceError } from "./index.js";

const missing = new ConfigError("CONFIG_FIELD_MISSING", "Source `shop` has no `apiKey`.", { hint: "Set it." });

test("an error says what happened and what to do", () => {
  expect(String(missing)).toBe("ConfigError CONFIG_FIELD_MISSING: Source `shop` has no `apiKey`.\nSet it.");
  expect(inspect(missing)).toMatch(/^ConfigError: Source `shop` has no `apiKey`\.\n[^]*hint: 'Set it\.'/);
});

test("the cause is kept", () => {
  const cause = new TypeError("connection reset");
  expect(new SourceError("RESOURCE_FAILED", "It failed.", { cause }).cause).toBe(cause);
});

test("errors of another copy are recognised", () => {
  const other = Object.assign(new Error("x"), { [Symbol.for("dlt.error")]: true });
  expect([missing, other, new Error("x"), null].map(isDltError)).toEqual([true, true, false, false]);
});
