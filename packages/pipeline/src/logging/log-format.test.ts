import { expect, test } from "vitest";
import { checkLogFormat, logFormat } from "./log-format.js";
import type { LogRecord } from "./log-record.js";

const at = new Date(Date.UTC(2026, 0, 31, 12, 0, 0, 123));
const place = { pipelineName: "shop", env: { COMMIT_SHA: "abc" } };
const record: LogRecord = { level: "WARNING", message: "Line one\n\ttwo", fields: { job_id: "a.1" } };

test("JSON has one object a line, in the names of Python", () => {
  expect(JSON.parse(logFormat("JSON", place)(record, at))).toEqual({
    written_at: "2026-01-31T12:00:00.123Z",
    written_ts: 1769860800123000000,
    component_name: "shop",
    process: process.pid,
    msg: "Line one__two",
    type: "log",
    logger: "dlt",
    thread: "main",
    level: "WARNING",
    version: { dlt_version: expect.any(String), pipeline_name: "shop", commit_sha: "abc" },
    job_id: "a.1",
  });
});

test("a format in braces is filled in", () => {
  const format = checkLogFormat("{{{levelname:<8}}} {levelno} {name} {filename}:{lineno} {message}");
  expect(logFormat(format, place)({ ...record, fields: {} }, at)).toBe("{WARNING} 30 dlt -:0 Line one\n\ttwo");
  expect(logFormat("{message}", place)(record, at)).toBe('Line one\n\ttwo: {"job_id":"a.1"}');
  expect(logFormat(undefined, place)({ ...record, message: "Two.", fields: {} }, at)).toMatch(
    /^2026-0[12]-\d\d \d\d:\d\d:00,123\|\[WARNING\]\|\d+\|dlt\|shop\|Two\.$/,
  );
});

test("a format that cannot be filled in is refused", () => {
  expect(() => checkLogFormat("{level}")).toThrowError("there is no `level`");
  expect(() => checkLogFormat("json")).toThrowError("`JSON` in capitals");
});
