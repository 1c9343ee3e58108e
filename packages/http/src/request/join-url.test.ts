import { expect, test } from "vitest";
import { appendQuery, joinUrl } from "./join-url.js";

test.each([
  ["http://e.com///", "//p", "http://e.com/p"],
  ["http://e.com", "/", "http://e.com/"],
  ["http://e.com/v1", "a/b", "http://e.com/v1/a/b"],
  ["http://e.com/v1/", "", "http://e.com/v1/"],
  ["", "a", "a"],
  ["http://e.com", "https://other.org/x", "https://other.org/x"],
  ["http://e.com", "my://x", "http://e.com/my://x"],
])("%j and %j", (baseUrl, path, joined) => {
  expect(joinUrl(baseUrl, path)).toBe(joined);
});

test("a relative path needs a base address", () => {
  expect(() => joinUrl(undefined, "a")).toThrow(expect.objectContaining({ code: "HTTP_REQUEST_INVALID" }));
});

test.each([
  ["http://e.com/p", "a=1", "http://e.com/p?a=1"],
  ["http://e.com/p?x=1", "a=1", "http://e.com/p?x=1&a=1"],
  ["http://e.com/p?", "a=1", "http://e.com/p?a=1"],
  ["http://e.com/p?x=1#f", "a=1", "http://e.com/p?x=1&a=1#f"],
  ["http://e.com/p", "", "http://e.com/p"],
])("%j with %j behind its query", (url, query, whole) => {
  expect(appendQuery(url, query)).toBe(whole);
});
