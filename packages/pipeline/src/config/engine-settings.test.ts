import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ConfigContext, loadConfig } from "./config-context.js";
import {
  columnarIdSettings,
  datasetSettings,
  dataWriterSettings,
  extractSettings,
  loadSettings,
  normalizeSettings,
  rowIdSettings,
  runtimeSettings,
  schemaSettings,
} from "./engine-settings.js";
import { defaultPipelineName, pipelineSettings } from "./pipeline-settings.js";

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "settings-"));
  await mkdir(join(cwd, ".dlt"));
});

afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

function configOf(env: Readonly<Record<string, string>> = {}, pipelineName?: string): ConfigContext {
  return loadConfig({ env: { HOME: cwd, ...env }, cwd }, pipelineName === undefined ? {} : { pipelineName });
}

test("defaults", () => {
  const config = configOf();
  expect(extractSettings({ config })).toEqual({
    copyOnFork: false,
    maxParallelItems: 20,
    workers: 5,
    nextItemMode: "round_robin",
    maxTableNesting: undefined,
  });
  expect(normalizeSettings({ config })).toEqual({ workers: undefined, maxTableNesting: undefined });
  expect(loadSettings({ config })).toMatchObject({
    workers: 20,
    raiseOnFailedJobs: true,
    raiseOnMaxRetries: 5,
    parallelismStrategy: undefined,
  });
  expect(dataWriterSettings({ config, below: ["normalize"] })).toMatchObject({
    bufferMaxItems: 5000,
    fileMaxItems: undefined,
  });
  expect(rowIdSettings({ config })).toEqual({ addDltId: true, addDltLoadId: true });
  expect(columnarIdSettings({ config })).toEqual({ addDltId: false, addDltLoadId: false });
  expect(runtimeSettings({ config })).toMatchObject({ requestTimeout: 60, logLevel: undefined });
  expect(datasetSettings({ config, destinationName: "duckdb" })).toMatchObject({
    stagingDatasetNameLayout: "%s_staging",
  });
  expect(pipelineSettings({ config })).toMatchObject({
    devMode: false,
    restoreFromDestination: true,
    datasetName: undefined,
  });
});

test("each is found in its sections", async () => {
  await writeFile(
    join(cwd, ".dlt", "config.toml"),
    `
    dataset_name = "everywhere"
    [load]
    workers = 3
    [normalize.data_writer]
    file_max_items = 7
    [normalize.parquet_normalizer]
    add_dlt_id = true
    [data_writer]
    file_max_items = 9
    delimiter = ";"
    [sources.shop.extract]
    workers = 2
    [sources.s.schema]
    naming = "direct"
    [my_pipe.load]
    raise_on_failed_jobs = false
    [pipelines.my_pipe]
    dev_mode = true
    [destination.warehouse]
    replace_strategy = "staging-optimized"
    `,
  );
  const config = configOf({ EXTRACT__MAX_PARALLEL_ITEMS: "4", LOAD_LEVEL: "x" }, "my_pipe");
  expect(loadSettings({ config })).toMatchObject({ workers: 3, raiseOnFailedJobs: false });
  expect(extractSettings({ config, source: ["sources", "shop", "orders"] })).toMatchObject({
    workers: 2,
    maxParallelItems: 4,
  });
  expect(extractSettings({ config })).toMatchObject({ workers: 5 });
  expect(dataWriterSettings({ config, below: ["normalize"] })).toMatchObject({ fileMaxItems: 7, delimiter: ";" });
  expect(dataWriterSettings({ config, below: ["sources", "shop", "orders"] }).fileMaxItems).toBe(9);
  expect(columnarIdSettings({ config }).addDltId).toBe(true);
  expect(schemaSettings({ config, schemaName: "s" }).naming).toBe("direct");
  expect(schemaSettings({ config, schemaName: "t" }).naming).toBeUndefined();
  expect(pipelineSettings({ config })).toMatchObject({ devMode: true, datasetName: "everywhere" });
  expect(datasetSettings({ config, destinationName: "warehouse" }).replaceStrategy).toBe("staging-optimized");
});

test("what is given in code wins and is checked too", () => {
  const config = configOf({ LOAD__WORKERS: "3" });
  expect(loadSettings({ config, given: { workers: 1 } }).workers).toBe(1);
  expect(() => loadSettings({ config, given: { workers: 0 } })).toThrow(
    /Load cannot use the setting `workers` as it was given: expected an integer from 1 up/,
  );
});

test.each([
  ["LOAD__WORKERS", "0", "expected an integer from 1 up"],
  ["LOAD__WORKERS", "many", "expected an integer from 1 up"],
  ["LOAD__RAISE_ON_FAILED_JOBS", "maybe", "expected yes or no"],
  ["LOAD__PARALLELISM_STRATEGY", "wild", "expected `parallel`, `table-sequential`, `sequential`"],
])("%s=%s is refused", (name, value, reason) => {
  const load = (): unknown => loadSettings({ config: configOf({ [name]: value }) });
  expect(load).toThrow(
    expect.objectContaining({ code: "CONFIG_VALUE_INVALID", message: expect.stringContaining(reason) as string }),
  );
});

test("choices that cannot be seen are spelled out", () => {
  const config = configOf({ NORMALIZE__DATA_WRITER__LINETERMINATOR: ";" });
  expect(() => dataWriterSettings({ config, below: ["normalize"] })).toThrow("expected `\\n`, `\\r\\n`");
});

test("a section that belongs to the setting is never left out", () => {
  expect(runtimeSettings({ config: configOf({ LOG_LEVEL: "DEBUG" }) }).logLevel).toBeUndefined();
  expect(runtimeSettings({ config: configOf({ RUNTIME__LOG_LEVEL: "DEBUG" }) }).logLevel).toBe("DEBUG");
});

test("a pipeline without a name is named after the main script", () => {
  const config = configOf();
  expect(defaultPipelineName({ config, mainScript: "/app/github.issues.ts" })).toBe("dlt_github_issues");
  expect(defaultPipelineName({ config, mainScript: undefined })).toBe("dlt_pipeline");
  expect(defaultPipelineName({ config: configOf({ PIPELINES__PIPELINE_NAME: "named" }), mainScript: "a.js" })).toBe(
    "named",
  );
});
