import { expect, test } from "vitest";
import { type QuotaReport, quotaReport } from "./quota-headers.js";

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;

test.each<[Record<string, string>, Pick<QuotaReport, "remaining" | "resetAtMs"> | null]>([
  [{}, null],
  [{ "x-ratelimit-limit": "60" }, null],
  [{ "x-ratelimit-remaining": "5" }, { remaining: 5, resetAtMs: null }],
  [
    { "x-ratelimit-remaining": "5", "x-ratelimit-limit": "60", "x-ratelimit-reset": `${seconds + 30}` },
    { remaining: 5, resetAtMs: now + 30_000 },
  ],
  [
    { "x-rate-limit-remaining": "0", "x-rate-limit-reset": "30" },
    { remaining: 0, resetAtMs: now + 30_000 },
  ],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1.5" },
    { remaining: 0, resetAtMs: now + 1500 },
  ],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${now + 9}` },
    { remaining: 0, resetAtMs: now + 9 },
  ],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "-1" },
    { remaining: 0, resetAtMs: now },
  ],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-01-01T00:01:00Z" },
    { remaining: 0, resetAtMs: now + 60_000 },
  ],
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon" },
    { remaining: 0, resetAtMs: null },
  ],
  [{ "x-ratelimit-remaining": "many" }, null],
  // The clock of the server is five seconds ahead.
  [
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${seconds + 35}`, date: new Date(now + 5000).toUTCString() },
    { remaining: 0, resetAtMs: now + 30_000 },
  ],
  [
    { "ratelimit-remaining": "4", "ratelimit-reset": "5", "ratelimit-limit": "100, 100;w=60" },
    { remaining: 4, resetAtMs: now + 5000 },
  ],
  [{ ratelimit: "limit=100, remaining=4, reset=5" }, { remaining: 4, resetAtMs: now + 5000 }],
  [
    { ratelimit: '"default";r=4;t=5', "ratelimit-policy": '"default";q=100;w=60' },
    { remaining: 4, resetAtMs: now + 5000 },
  ],
  // Of several quotas the one counts that is used up first.
  [
    {
      ratelimit: '"hour";r=400;t=500, "minute";r=2;t=5',
      "ratelimit-policy": '"hour";q=1000;w=3600, "minute";q=10;w=60',
    },
    { remaining: 2, resetAtMs: now + 5000 },
  ],
  [
    { "x-ratelimit-remaining": "9", "ratelimit-remaining": "3" },
    { remaining: 3, resetAtMs: null },
  ],
])("%j", (headers, report) => {
  const doubtMs = 20;
  const expected = report === null ? null : { ...report, doubtMs };
  expect(quotaReport(new Headers(headers), { sentAtMs: now - doubtMs, nowMs: now })).toEqual(expected);
});
