import { DestinationError, isDltError, SchemaContractError } from "@dlt/core";
import { expect, test } from "vitest";
import { type FailedStep, PipelineStepError } from "./step-error.js";

const at: FailedStep = {
  pipelineName: "shop",
  step: "load",
  loadId: "1.000001",
  pending: ["1.000001", "1.000002"],
  partiallyLoaded: true,
  keptEpochs: false,
  wasStopped: false,
};

test("an error of the library keeps its code, hint and context, and gets the step", () => {
  const cause = new DestinationError("DESTINATION_LOCKED", "The file is locked.", {
    hint: "Close the other program.",
    context: { path: "a.duckdb" },
    retryable: true,
  });
  const error = new PipelineStepError(at, cause);
  expect(isDltError(error)).toBe(true);
  expect(error).toMatchObject({
    code: "DESTINATION_LOCKED",
    family: "destination",
    hint: "Close the other program.",
    retryable: true,
    context: { path: "a.duckdb", pipelineName: "shop", step: "load", loadId: "1.000001" },
    pendingLoadIds: ["1.000001", "1.000002"],
    isPackagePartiallyLoaded: true,
    cause,
  });
  expect(error.message).toBe(
    [
      "Pipeline `shop` failed in step `load` with load package `1.000001`: The file is locked.",
      "Kept and taken up by the next run: `1.000001`, `1.000002`.",
      "Part of the package is at the destination; its rows count once the load is complete, and none is loaded twice.",
    ].join("\n"),
  );
});

test("other errors get the code of the step and stay the cause", () => {
  const cause = new TypeError("a mistake");
  const error = new PipelineStepError(
    { ...at, step: "extract", loadId: null, pending: [], partiallyLoaded: false },
    cause,
  );
  expect(error).toMatchObject({ code: "PIPELINE_EXTRACT_FAILED", family: "source", cause });
  expect(error.message).toBe(
    "Pipeline `shop` failed in step `extract`: TypeError: a mistake\nNothing of this extract was kept, and the state is as it was.",
  );
  expect(new PipelineStepError({ ...at, step: "normalize" }, cause)).toMatchObject({
    code: "PIPELINE_NORMALIZE_FAILED",
    family: "internal",
  });
});

test("errors of the system say what to do", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  expect(new PipelineStepError(at, full)).toMatchObject({ code: "STORAGE_FULL", family: "package", cause: full });
});

test("a stop is no failure of whatever it hit", () => {
  const cause = new DestinationError("DESTINATION_INTERRUPTED", "Stopped.");
  expect(new PipelineStepError({ ...at, wasStopped: true }, cause)).toMatchObject({
    code: "PIPELINE_STOPPED",
    family: "package",
    cause,
  });
});

test("what cannot be read is not claimed", () => {
  const cause = new SchemaContractError("SCHEMA_CONTRACT_TABLE", "Frozen.");
  const error = new PipelineStepError({ ...at, pending: null, partiallyLoaded: false }, cause);
  expect(error.message).toContain("Which packages are pending could not be read; what was committed is kept.");
  expect(error.pendingLoadIds).toEqual([]);
});
