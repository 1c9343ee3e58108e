import { expect, test } from "vitest";
import { SecretsSent } from "./secrets.js";

test.each([
  ["https://a/b?api_key=x&p=1", "https://a/b?api_key=***&p=1"],
  ["https://a/b?API_KEY=x&Token=&p=1", "https://a/b?API_KEY=***&Token=***&p=1"],
  ["https://a/b?api%5Fkey=x", "https://a/b?api%5Fkey=***"],
  ["https://user:pass@a/b", "https://***@a/b"],
  ["https://a/b#token=x", "https://a/b#token=x"],
  ["https://a/b?q=a%20b", "https://a/b?q=a%20b"],
  ["https://a/b?key", "https://a/b?key"],
  ["https://a/b?next_page_token=1", "https://a/b?next_page_token=1"],
])("%s is shown as %s", (url, shown) => {
  expect(new SecretsSent().redactUrl(url)).toBe(shown);
});

test("what was sent as a secret is redacted in every form", () => {
  const secrets = new SecretsSent();
  secrets.addCredentials("Bearer a b/c+d=");
  secrets.add("geheim 42");
  expect(secrets.redactUrl("https://a/geheim%2042?x=geheim+42")).toBe("https://a/***?x=***");
  expect(secrets.redact("a b/c+d= and Bearer a b/c+d=")).not.toContain("b/c");
});

test("a short one is no secret that could be found again", () => {
  const secrets = new SecretsSent();
  secrets.add("a");
  expect(secrets.redact("banana")).toBe("banana");
});
