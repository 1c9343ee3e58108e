import { expect, test } from "vitest";
import { parallelJobs } from "./parallel-jobs.js";

const undecided = { workers: 20, parallelismStrategy: undefined } as const;

test("as many jobs run as there are workers, and at most what the destination takes", () => {
  expect(parallelJobs(undecided, {}).limit).toBe(20);
  expect(parallelJobs({ ...undecided, workers: 50 }, {}).limit).toBe(50);
  expect(parallelJobs(undecided, { maxParallelJobs: 4 }).limit).toBe(4);
  expect(parallelJobs({ ...undecided, workers: 2 }, { maxParallelJobs: 4 }).limit).toBe(2);
  expect(parallelJobs(undecided, { maxParallelJobs: 0 }).limit).toBe(20);
});

test("the destination says which jobs may run together, unless the settings do", () => {
  expect(parallelJobs(undecided, {})).toEqual({ limit: 20, oneByTable: false });
  expect(parallelJobs(undecided, { parallelismStrategy: "sequential" })).toEqual({ limit: 1, oneByTable: false });
  expect(parallelJobs(undecided, { parallelismStrategy: "table-sequential" })).toEqual({ limit: 20, oneByTable: true });
  const settings = { workers: 3, parallelismStrategy: "parallel" } as const;
  expect(parallelJobs(settings, { parallelismStrategy: "sequential" })).toEqual({ limit: 3, oneByTable: false });
});
