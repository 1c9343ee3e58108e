import { type RunData, type RunHints, toSources } from "../extract/index.js";
import type { ClaimedPipeline } from "./claimed-pipeline.js";
import { configureCursors } from "./configured-cursors.js";
import { givenSchema } from "./given-schema.js";
import { loadableData } from "./loadable-data.js";
import type { ExtractOptions } from "./pipeline-options.js";
import { ownSchemaName } from "./pipeline-state.js";
import { joinScheduler } from "./scheduled-cursors.js";

/** What `data` stands for, ordered as it is extracted. */
export async function sourcesOf(
  claimed: Pick<ClaimedPipeline, "context" | "state">,
  data: RunData,
  options: ExtractOptions,
): ReturnType<typeof toSources> {
  const { context } = claimed;
  const schema = options.schema === undefined ? null : givenSchema(options.schema);
  const { runtime, config } = context;
  const sources = await toSources(loadableData(data), {
    pipelineName: context.pipelineName,
    schemaName: ownSchemaName(claimed),
    schema,
    cwd: runtime.cwd,
    hints: runHints(options),
    configure: (source) => configureCursors(source, config),
  });
  return joinScheduler(sources, { given: options.interval, runtime });
}

const hintNames = [
  "tableName",
  "writeDisposition",
  "columns",
  "skipNestedTypes",
  "primaryKey",
  "mergeKey",
  "nestedHints",
  "references",
  "schemaContract",
  "tableFormat",
  "fileFormat",
  "maxTableNesting",
  "incremental",
] as const satisfies readonly (keyof RunHints)[];

/** The hints among the options of a call. */
function runHints(options: ExtractOptions): RunHints {
  const given = hintNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]] as const]));
  const { loaderFileFormat } = options;
  return { ...Object.fromEntries(given), ...(loaderFileFormat !== undefined && { fileFormat: loaderFileFormat }) };
}
