import { expect, test } from "vitest";
import { executionContext } from "./execution-context.js";
import { continuedTrace, pipelineTrace } from "./trace.js";

const traceOf = (steps: readonly ("sync" | "load" | "run")[]) =>
  pipelineTrace({
    transactionId: "0".repeat(32),
    pipelineName: "shop",
    executionContext: executionContext({}),
    startedAt: new Date(0),
    finishedAt: new Date(steps.length),
    steps: steps.map((step) => ({
      spanId: "0".repeat(16),
      step,
      startedAt: new Date(0),
      finishedAt: new Date(1),
      stepInfo: null,
      stepException: null,
      exceptionTraces: [],
    })),
  });

test("of calls of single steps the last hundred are remembered", () => {
  let trace = traceOf(["load"]);
  for (let call = 0; call < 100; call++) trace = continuedTrace(trace, traceOf(["sync"]));
  expect(trace.steps.map(({ step }) => step)).toEqual(Array(100).fill("sync"));
  expect(continuedTrace(trace, traceOf(["load", "run"])).steps).toHaveLength(2);
});

test("a run is told of by its steps", () => {
  expect(String(traceOf(["sync", "load", "run"]))).toBe(
    [
      "Run started at 1970-01-01T00:00:00.000Z and COMPLETED in 0 seconds with 2 steps.",
      "Step sync COMPLETED in 0 seconds.",
      "Step load COMPLETED in 0 seconds.",
    ].join("\n"),
  );
});

test("where a run goes on is known by the variables that are set there", () => {
  const env = { GITHUB_ACTIONS: "true", KUBERNETES_SERVICE_HOST: "10.0.0.1", CODESPACES: "" };
  const { ciRun, execInfo, cpu } = executionContext(env);
  expect(ciRun).toBe(true);
  expect(execInfo.filter((each) => each !== "docker")).toEqual(["kubernetes", "github_actions"]);
  expect(cpu).toBeGreaterThan(0);
  expect(executionContext({}).ciRun).toBe(false);
});
