import { secretOf } from "@dlt/core/engine";
import { expect, test } from "vitest";
import { SecretsSent } from "../secrets.js";
import { encodeParams } from "./params.js";

test("values as text, lists repeated, nothing for null", () => {
  const params = {
    ...{ a: null, b: true, c: [1, "x", null], d: "a b&é", e: "", f: 1.5, g: undefined, h: 9007199254740993n },
    at: new Date(0),
  };
  expect(encodeParams(params, new SecretsSent())).toBe(
    "b=true&c=1&c=x&d=a+b%26%C3%A9&e=&f=1.5&h=9007199254740993&at=1970-01-01T00%3A00%3A00.000Z",
  );
});

test("pairs keep their order", () => {
  expect(
    encodeParams(
      [
        ["b", 1],
        ["a", 2],
        ["b", 3],
      ],
      new SecretsSent(),
    ),
  ).toBe("b=1&a=2&b=3");
});

test("a secret is sent, and known from then on", () => {
  const secrets = new SecretsSent();
  expect(encodeParams({ q: secretOf("hunter22") }, secrets)).toBe("q=hunter22");
  expect(secrets.redact("It is hunter22.")).toBe("It is ***.");
});

test.each([[{ x: {} }], [{ x: [[1]] }], [{ x: new Date(Number.NaN) }], [{ x: () => 1 }]])("%j is refused", (params) => {
  expect(() => encodeParams(params as never, new SecretsSent())).toThrow(
    expect.objectContaining({ code: "HTTP_REQUEST_INVALID", message: expect.stringContaining("`x`") }),
  );
});
