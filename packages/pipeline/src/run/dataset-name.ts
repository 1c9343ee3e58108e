import { ConfigError, type DestinationCapabilities, type NamingConvention } from "@dlt/core";
import type { DatasetSettings } from "../config/engine-settings.js";

/**
 * The name of the dataset of a pipeline as it is stored in the state, not normalized: the given one, or made from the
 * pipeline's name where the destination needs one; then suffix and layout.
 */
export function datasetName(options: {
  readonly pipelineName: string;
  readonly given: string | undefined;
  /** `null`: no destination yet. */
  readonly capabilities: DestinationCapabilities | null;
  /** Suffix of `devMode`, otherwise `null`. */
  readonly devSuffix: string | null;
  readonly layout: string | undefined;
}): string | null {
  const { pipelineName, given, capabilities, devSuffix, layout } = options;
  const needed = capabilities !== null && capabilities.needsDataset !== false;
  let name = given ?? (needed ? `${pipelineName}_dataset` : null);
  if (name === null) return null;
  if (devSuffix !== null) name += name.endsWith("_") ? devSuffix.replace(/^_/, "") : devSuffix;
  if (layout === undefined) return name;
  if (!layout.includes("%s")) {
    throw new ConfigError(
      "CONFIG_VALUE_INVALID",
      `\`dataset_name_layout\` is ${JSON.stringify(layout)}, without \`%s\` for the name.`,
      {
        hint: 'Write the layout with `%s`, e.g. `dataset_name_layout = "dev_%s"`.',
        context: { field: "dataset_name_layout" },
      },
    );
  }
  return layout.replace("%s", () => name);
}

/** `_20260131031500`: local time, hours from 01 to 12. */
export function devSuffix(now: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `_${day}${two(((now.getHours() + 11) % 12) + 1)}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

/** Physical names of a dataset and of the one that rows go through. */
export interface DatasetNames {
  readonly dataset: string;
  readonly stagingDataset: string;
}

/**
 * The physical names for a schema. With several datasets, a schema other than the default one has a dataset of its own.
 * @throws ConfigError `DATASET_NAMES_EQUAL`
 */
export function physicalDatasets(options: {
  readonly datasetName: string;
  readonly schemaName: string;
  readonly defaultSchemaName: string | null;
  readonly useSingleDataset: boolean;
  readonly settings: DatasetSettings;
  readonly naming: NamingConvention;
}): DatasetNames {
  const { schemaName, defaultSchemaName, useSingleDataset, settings, naming } = options;
  const own = useSingleDataset || defaultSchemaName === null || schemaName === defaultSchemaName;
  const name = own ? options.datasetName : `${options.datasetName}_${schemaName}`;
  const normalize = (text: string): string =>
    settings.enableDatasetNameNormalization && text !== "" ? naming.normalizeTableIdentifier(text) : text;
  const dataset = normalize(name);
  const stagingDataset = normalize(settings.stagingDatasetNameLayout.replace("%s", () => name));
  if (dataset === stagingDataset && dataset !== "") {
    throw new ConfigError(
      "DATASET_NAMES_EQUAL",
      `The staging dataset has the name of the dataset, \`${dataset}\`: loading would destroy its rows.`,
      {
        hint: "Set `staging_dataset_name_layout` of the destination to another name, e.g. `%s_staging`.",
        context: { dataset },
      },
    );
  }
  return { dataset, stagingDataset };
}
