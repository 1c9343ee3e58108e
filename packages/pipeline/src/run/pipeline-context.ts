import type { Destination } from "@dlt/core";
import { type ConfigContext, loadConfig } from "../config/config-context.js";
import { defaultPipelineName, type PipelineSettings, pipelineSettings } from "../config/pipeline-settings.js";
import { runContext } from "../config/run-context.js";
import { dateOf } from "../info/duration.js";
import type { PipelineRuntime } from "../runtime.js";
import { type WorkingFolder, workingFolder } from "../workspace/working-folder.js";
import { devSuffix } from "./dataset-name.js";
import type { PipelineOptions } from "./pipeline-options.js";

/** What stays the same as long as a pipeline object lives. */
export interface PipelineContext {
  readonly pipelineName: string;
  readonly runtime: PipelineRuntime;
  readonly config: ConfigContext;
  readonly settings: PipelineSettings;
  readonly folder: WorkingFolder;
  /** Where relative paths of local destinations start for a new pipeline. */
  readonly localDir: string;
  readonly givenDestination: string | Destination | undefined;
  /** What `devMode` puts on the name of the dataset; `null` without it. */
  readonly devSuffix: string | null;
}

/** Reads the configuration and finds the working folder; makes nothing. @throws ConfigError, PackageError `PIPELINE_NAME_INVALID` */
export function pipelineContext(options: PipelineOptions, runtime: PipelineRuntime): PipelineContext {
  const pipelineName =
    options.pipelineName ?? defaultPipelineName({ config: loadConfig(runtime), mainScript: process.argv[1] });
  const config = loadConfig(runtime, { pipelineName });
  const { datasetName, pipelinesDir, devMode } = options;
  const settings = pipelineSettings({
    config,
    given: {
      ...(datasetName !== undefined && { datasetName }),
      ...(pipelinesDir !== undefined && { pipelinesDir }),
      ...(devMode !== undefined && { devMode }),
    },
  });
  return {
    pipelineName,
    runtime,
    config,
    settings,
    folder: workingFolder({
      pipelineName,
      runtime,
      ...(settings.pipelinesDir !== undefined && { pipelinesDir: settings.pipelinesDir }),
    }),
    localDir: runContext(runtime).localDir,
    givenDestination: options.destination,
    devSuffix: settings.devMode ? devSuffix(dateOf(runtime.nowMicros())) : null,
  };
}
