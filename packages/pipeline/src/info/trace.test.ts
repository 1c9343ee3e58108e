import { readFileSync } from "node:fs";
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
    resolvedConfigValues: [
      {
        ...{ owner: "Load", key: "workers", sections: ["load"], providerName: "config.toml" },
        ...{ isSecret: false, value: 4, defaultValue: 20 },
      },
      {
        ...{ owner: "Source `a`", key: "token", sections: [], providerName: "Environment Variables" },
        ...{ isSecret: true, value: null, defaultValue: null },
      },
    ],
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

test("with more words the settings are told, without secret values, and the spans", () => {
  const trace = traceOf(["load", "run"]);
  expect(trace.asStr(1)).toBe(
    [
      "Run started at 1970-01-01T00:00:00.000Z and COMPLETED in 0 seconds with 1 steps.",
      "Following config and secret values were resolved:",
      "workers->4 in load by config.toml",
      "token->[secret] in the root by Environment Variables",
      "Step load COMPLETED in 0 seconds.",
      `span id: ${"0".repeat(16)}`,
    ].join("\n"),
  );
  expect(trace.asStr()).toBe(String(trace));
  expect(trace.asDict()["resolved_config_values"]).toEqual([
    {
      ...{ key: "workers", is_secret_hint: false, sections: ["load"], provider_name: "config.toml" },
      config_type_name: "Load",
    },
    {
      ...{ key: "token", is_secret_hint: true, sections: [], provider_name: "Environment Variables" },
      config_type_name: "Source `a`",
    },
  ]);
});

test("where a run goes on is known by the variables that are set there", () => {
  const env = { GITHUB_ACTIONS: "true", KUBERNETES_SERVICE_HOST: "10.0.0.1", CODESPACES: "" };
  const { ciRun, execInfo, cpu } = executionContext(env);
  expect(ciRun).toBe(true);
  expect(execInfo.filter((each) => each !== "docker")).toEqual(["kubernetes", "github_actions"]);
  expect(cpu).toBeGreaterThan(0);
  expect(executionContext({}).ciRun).toBe(false);
  expect(executionContext({ "bamboo.buildKey": "SHOP-1" }).ciRun).toBe(true);
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect(executionContext({}).library).toEqual({
    name: "@dlt/pipeline",
    version: (JSON.parse(manifest) as { version: string }).version,
  });
});
