import { basename, extname } from "node:path";
import type { ConfigOf, ConfigSpec } from "@dlt/core";
import type { ConfigContext } from "./config-context.js";
import { resolveConfig } from "./resolve-config.js";
import { booleanSetting, choiceSetting, textSetting } from "./setting-kinds.js";

const pipelineSpec = {
  pipelinesDir: textSetting({
    default: undefined,
    doc: "Parent of the working folder. Default: `ts-pipelines` in the data folder.",
  }),
  destinationType: textSetting({ default: undefined, doc: "Destination, when none is given in code." }),
  destinationName: textSetting({ default: undefined, doc: "Name of the destination among several of its type." }),
  stagingType: textSetting({ default: undefined, doc: "Staging destination, when none is given in code." }),
  stagingName: textSetting({ default: undefined, doc: "Name of the staging destination." }),
  datasetName: textSetting({
    default: undefined,
    doc: "Default: `<pipeline name>_dataset`, where the destination needs a name.",
  }),
  datasetNameLayout: textSetting({
    default: undefined,
    doc: "`%s` stands for the name of the dataset, e.g. `dev_%s`.",
  }),
  importSchemaPath: textSetting({ default: undefined, doc: "Folder of schemas to begin with." }),
  exportSchemaPath: textSetting({ default: undefined, doc: "Folder that schemas are written to." }),
  restoreFromDestination: booleanSetting({ default: true, doc: "Takes state and schemas from the destination." }),
  enableRuntimeTrace: booleanSetting({ default: true, doc: "Keeps a trace of the last run." }),
  useSingleDataset: booleanSetting({ default: true, doc: "Puts all schemas into one dataset." }),
  devMode: booleanSetting({ default: false, doc: "Starts anew each time, in a dataset of its own." }),
  rejects: choiceSetting({
    choices: ["none", "discarded", "failing"],
    default: "none",
    doc: "Rows that are kept in `_dlt_rejects`: those that a contract discards, or also those that no column can take.",
  }),
  widenColumns: booleanSetting({
    default: false,
    doc: "Lets columns become wider for values of their type that they cannot hold, where the destination can.",
  }),
  progress: choiceSetting({
    // The names of what shows it in Python stand for live lines.
    choices: ["tui", "log", "none", "tqdm", "enlighten", "alive_progress"],
    default: undefined,
    doc: "How a run is shown while it goes on: `tui`, live lines on a terminal; `log`, lines on the standard error; `none`. Default: `tui` on a terminal, otherwise nothing.",
  }),
  refresh: choiceSetting({
    choices: ["drop_sources", "drop_resources", "drop_data"],
    default: undefined,
    doc: "What each run resets first.",
  }),
} as const satisfies ConfigSpec;

export type PipelineSettings = ConfigOf<typeof pipelineSpec>;

/**
 * The settings of a pipeline: given in code, or found in `[pipelines.<name>]`, `[pipelines]` or the root.
 * @throws ConfigError
 */
export function pipelineSettings({
  config,
  given,
}: {
  readonly config: ConfigContext;
  readonly given?: Partial<PipelineSettings>;
}): PipelineSettings {
  const { pipelineName } = config;
  return resolveConfig(pipelineSpec, {
    owner: pipelineName === null ? "The pipeline" : `Pipeline \`${pipelineName}\``,
    sections: pipelineName === null ? ["pipelines"] : ["pipelines", pipelineName],
    config,
    ...(given && { given }),
  });
}

/** The name of a pipeline that was given none: from `[pipelines]`, or `dlt_` and the name of the main script. */
export function defaultPipelineName({
  config,
  mainScript,
}: {
  readonly config: ConfigContext;
  readonly mainScript: string | undefined;
}): string {
  const spec = { pipelineName: textSetting({ default: undefined, doc: "Name of the pipeline." }) };
  const { pipelineName } = resolveConfig(spec, { owner: "The pipeline", sections: ["pipelines"], config });
  if (pipelineName !== undefined) return pipelineName;
  const stem = mainScript === undefined ? "" : basename(mainScript, extname(mainScript)).replace(/[^\w-]+/g, "_");
  return stem === "" ? "dlt_pipeline" : `dlt_${stem}`;
}
