import { SourceError, secret, setting } from "@dlt/core";
import { expect, test, vi } from "vitest";
import { type Logger, resource, source } from "../src/index.js";
import { newMachine } from "./new-machine.js";
import { refusingDuckdb } from "./refusing-duckdb.js";

/** Lines that a run of these settings logs. */
async function logOf(env: Readonly<Record<string, string>>, refused: readonly (boolean | "busy")[] = []) {
  const machine = await newMachine();
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const runtime = { ...machine.runtime, env, print, wait: async () => undefined };
  let attempts = 0;
  const destination = refusingDuckdb(machine.database, (table) => table === "users" && (refused[attempts++] ?? false));
  const p = machine.pipeline({ destination }, runtime);
  await p.run([{ id: 1 }], { tableName: "users" }).catch(() => undefined);
  return lines;
}

const levels = (lines: readonly string[]) =>
  new Set(lines.map((line) => (JSON.parse(line) as { level: string }).level));

test("nothing is logged unless it is asked for", async () => {
  expect(await logOf({}, [true])).toEqual([]);
});

test("a level says what is worth a line", async () => {
  const json = { RUNTIME__LOG_FORMAT: "JSON" };
  expect(levels(await logOf({ ...json, RUNTIME__LOG_LEVEL: "DEBUG" }, ["busy"]))).toEqual(
    new Set(["DEBUG", "INFO", "WARNING"]),
  );
  expect(levels(await logOf({ ...json, RUNTIME__LOG_LEVEL: "INFO" }, ["busy"]))).toEqual(new Set(["INFO", "WARNING"]));
  expect(levels(await logOf({ ...json, RUNTIME__LOG_LEVEL: "ERROR" }, ["busy", true]))).toEqual(new Set(["ERROR"]));
  expect(await logOf({ ...json, RUNTIME__LOG_LEVEL: "CRITICAL" }, [true])).toEqual([]);
  expect((await logOf(json, ["busy"])).map((line) => JSON.parse(line) as object)).toMatchObject([
    { level: "WARNING", event: "job-retried", table_name: "users", attempts: 1, component_name: "shop" },
  ]);
});

test("text is the default, and its layout is a setting", async () => {
  const [retried, failed, run] = await logOf({ RUNTIME__LOG_LEVEL: "WARNING" }, ["busy", true]);
  expect(retried).toMatch(/^[\d-]+ [\d:,]+\|\[WARNING\]\|\d+\|dlt\|shop\|Job users\.\S+ is tried again: A value does/);
  expect(failed).toMatch(/\|\[ERROR\]\|\d+\|dlt\|shop\|Job users\.\S+ failed for good: A value does not fit\./);
  expect(run).toMatch(/\|\[ERROR\]\|\d+\|dlt\|shop\|Pipeline shop failed after \d+\.\d\d s: /);
  expect(await logOf({ RUNTIME__LOG_FORMAT: "{levelname}" }, ["busy"])).toEqual(["WARNING"]);
  const { runtime, pipeline } = await newMachine();
  expect(() => pipeline({}, { ...runtime, env: { RUNTIME__LOG_FORMAT: "{nothing}" } })).toThrowError(
    expect.objectContaining({ code: "CONFIG_VALUE_INVALID", message: expect.stringContaining("no `nothing`") }),
  );
});

test("an application's own logger takes everything, warnings of the library too", async () => {
  const machine = await newMachine();
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } satisfies Logger;
  await machine.pipeline({ logger }).run([{ id: 1 }], { tableName: "users" });
  expect(logger.info.mock.calls.map(([{ event }]) => event)).toEqual(
    expect.arrayContaining(["step-ended", "schema-changed", "job-ended", "run-ended"]),
  );
  expect(logger.debug).toHaveBeenCalledWith(
    expect.objectContaining({ event: "step-started", step: "load" }),
    "Step load begins.",
  );
  const warned = new Promise((resolve) => logger.warn.mockImplementation(resolve));
  process.emit("warning", Object.assign(new Error("Mind the gap."), { name: "DltWarning", code: "GAP" }));
  await warned;
  expect(logger.warn).toHaveBeenCalledWith({ event: "warning", code: "GAP" }, "Mind the gap.");
});

test("no secret gets into a log, even where a source tells it, and a trace says only that it was there", async () => {
  const machine = await newMachine();
  const lines: string[] = [];
  const env = {
    SOURCES__TOKEN: "hunter2-canary",
    SOURCES__SIZE: "3",
    RUNTIME__LOG_LEVEL: "DEBUG",
    RUNTIME__LOG_FORMAT: "JSON",
  };
  const runtime = { ...machine.runtime, env, print: (line: string) => void lines.push(line) };
  const p = machine.pipeline({}, runtime);
  const shop = source({ name: "shop", config: { token: secret(), size: setting({ default: 1 }) } }, ({ token }) => [
    resource({ name: "users" }, () => {
      throw new SourceError("RESOURCE_FAILED", `The service refused ${token.reveal()}.`);
    }),
  ]);
  await expect(p.run(shop())).rejects.toMatchObject({ code: "RESOURCE_FAILED" });
  expect(lines.join("\n")).toContain("The service refused ***.");
  expect(lines.join("\n")).not.toContain("canary");
  const { lastTrace } = machine.pipeline();
  expect(lastTrace?.resolvedConfigValues).toContainEqual({
    ...{ owner: "Source `shop`", key: "token", sections: ["sources"], providerName: "Environment Variables" },
    ...{ isSecret: true, value: null, defaultValue: null },
  });
  expect(lastTrace?.resolvedConfigValues).toContainEqual(
    expect.objectContaining({ key: "size", value: 3, defaultValue: 1, isSecret: false }),
  );
  expect(lastTrace?.asStr(1)).toContain("token->[secret] in sources by Environment Variables");
});
