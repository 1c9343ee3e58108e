import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { eventsSeed, githubEvents } from "./github-events.js";

const lines = Array.from(githubEvents(20_000), (event) => JSON.stringify(event));

test("the same seed gives the same events; other events have another seed", () => {
  const digest = createHash("sha256").update(lines.slice(0, 1000).join("\n")).digest("hex").slice(0, 16);
  expect({ seed: eventsSeed, digest }).toEqual({ seed: 20260401, digest: "499ce6cbfccfc5ec" });
});

test("an event is about 825 bytes and has 1.5 commits on average", () => {
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
  expect(bytes / lines.length).toBeCloseTo(825, -1);
  const commits = [...githubEvents(20_000)].reduce((sum, { payload }) => sum + (payload.commits?.length ?? 0), 0);
  expect(commits / lines.length).toBeCloseTo(1.5, 1);
});

test("events vary as real ones do", () => {
  expect(lines.some((line) => /[^\0-\x7f]/.test(line))).toBe(true);
  expect(lines.some((line) => line.includes('\\n\\nSigned-off-by: \\"'))).toBe(true);
  expect(lines.some((line) => line.includes('"commits":[]'))).toBe(true);
  expect(lines.some((line) => line.includes('"description":null'))).toBe(true);
  expect(lines.some((line) => line.includes('"org":'))).toBe(true);
  expect(lines.some((line) => !line.includes('"org":'))).toBe(true);
  expect(new Set(lines.map((line) => JSON.parse(line).id)).size).toBe(lines.length);
});
