import { resolve } from "node:path";
import type { Destination, NamingConventions, RejectMode } from "@dlt/core";
import { verifyConventions } from "@dlt/core/engine";
import { type ConfigContext, loadConfig } from "../config/config-context.js";
import { runtimeSettings, schemaFileSettings } from "../config/engine-settings.js";
import { defaultPipelineName, type PipelineSettings, pipelineSettings } from "../config/pipeline-settings.js";
import { ResolvedSettings } from "../config/resolved-settings.js";
import { runContext } from "../config/run-context.js";
import type { HookOptions } from "../hooks/run-hooks.js";
import { dateOf } from "../info/duration.js";
import { pipelineLog } from "../logging/pipeline-log.js";
import { chooseProgress, type ProgressOption } from "../progress/choose-progress.js";
import type { ProgressHub } from "../progress/progress.js";
import type { PipelineRuntime } from "../runtime.js";
import { schemaFileFormat } from "../schema-files/schema-file-text.js";
import type { SchemaFiles } from "../schema-files/schema-files.js";
import { type WorkingFolder, workingFolder } from "../workspace/working-folder.js";
import { devSuffix } from "./dataset-name.js";
import type { PipelineOptions } from "./pipeline-options.js";

/** What stays the same as long as a pipeline object lives. */
export interface PipelineContext {
  readonly pipelineName: string;
  readonly runtime: PipelineRuntime;
  readonly config: ConfigContext;
  /** What was looked up in the configuration so far. */
  readonly resolved: ResolvedSettings;
  readonly settings: PipelineSettings;
  readonly folder: WorkingFolder;
  /** Where relative paths of local destinations start for a new pipeline. */
  readonly localDir: string;
  readonly givenDestination: string | Destination | undefined;
  readonly schemaFiles: SchemaFiles;
  /** Naming convention that was given in code. */
  readonly naming: string | undefined;
  /** Naming conventions beside those of the library. */
  readonly conventions: NamingConventions | undefined;
  /** Rows that are kept in `_dlt_rejects`. */
  readonly rejects: RejectMode;
  /** Tells what happens in calls, and how far steps have come. */
  readonly progress: ProgressHub;
  /** What the application does when calls begin, have loaded, or fail. */
  readonly hooks: HookOptions["hooks"] | undefined;
  /** What `devMode` puts on the name of the dataset; `null` without it. */
  readonly devSuffix: string | null;
}

/** Options that are settings too. */
const optionSettings = [
  "datasetName",
  "datasetNameLayout",
  "useSingleDataset",
  "restoreFromDestination",
  "enableRuntimeTrace",
  "pipelinesDir",
  "devMode",
  "importSchemaPath",
  "exportSchemaPath",
  "rejects",
  "widenColumns",
  "refresh",
] as const satisfies readonly (keyof PipelineOptions & keyof PipelineSettings)[];

/**
 * Reads the configuration and finds the working folder; makes nothing.
 * @throws ConfigError, PackageError `PIPELINE_NAME_INVALID`, SchemaError `NAMING_CONVENTION_INVALID`
 */
export function pipelineContext(options: PipelineOptions, runtime: PipelineRuntime): PipelineContext {
  const pipelineName =
    options.pipelineName ?? defaultPipelineName({ config: loadConfig(runtime), mainScript: process.argv[1] });
  const resolved = new ResolvedSettings();
  const config = loadConfig(runtime, {
    pipelineName,
    onResolved: (setting) => resolved.note(setting),
    onSecret: (value) => resolved.noteSecret(value),
  });
  const { namingConventions } = options;
  if (namingConventions !== undefined) verifyConventions(namingConventions);
  const { progress } = options;
  const settings = pipelineSettings({
    config,
    given: {
      ...Object.fromEntries(optionSettings.map((name) => [name, options[name]])),
      ...(typeof progress === "string" && { progress }),
    },
  });
  const shown = chooseProgress(typeof progress === "function" ? progress : shownProgress(settings.progress), {
    pipelineName,
    runtime,
  });
  const log = pipelineLog({
    pipelineName,
    runtime,
    settings: runtimeSettings({ config }),
    logger: options.logger,
    secrets: () => resolved.secrets(),
  });
  if (log !== null) shown.add(log);
  return {
    pipelineName,
    runtime,
    config,
    resolved,
    settings,
    folder: workingFolder({
      pipelineName,
      runtime,
      ...(settings.pipelinesDir !== undefined && { pipelinesDir: settings.pipelinesDir }),
    }),
    localDir: runContext(runtime).localDir,
    givenDestination: options.destination,
    schemaFiles: schemaFilesOf(runtime, config, settings),
    naming: options.naming,
    conventions: namingConventions,
    rejects: settings.rejects ?? "none",
    progress: shown,
    hooks: options.hooks,
    devSuffix: settings.devMode ? devSuffix(dateOf(runtime.nowMicros())) : null,
  };
}

/** Names of what shows progress elsewhere stand for live lines. */
function shownProgress(name: PipelineSettings["progress"]): ProgressOption | undefined {
  return name === undefined || name === "log" || name === "none" ? name : "tui";
}

/** The folders of schema files: those of the pipeline, otherwise those of `[schema]`. */
function schemaFilesOf(runtime: PipelineRuntime, config: ConfigContext, settings: PipelineSettings): SchemaFiles {
  const general = schemaFileSettings({ config });
  const folder = (path: string | undefined) =>
    path === undefined
      ? null
      : { path: resolve(runtime.cwd, path), format: schemaFileFormat(general.externalSchemaFormat ?? "yaml") };
  return {
    importFolder: folder(settings.importSchemaPath ?? general.importSchemaPath),
    exportFolder: folder(settings.exportSchemaPath ?? general.exportSchemaPath),
    removeDefaults: general.externalSchemaFormatRemoveDefaults,
  };
}
