import type { SourceDefinition } from "@dlt/core";
import type { ConfigContext } from "../config/config-context.js";
import { extractSettings, normalizeSettings, type SourceSections } from "../config/engine-settings.js";
import type { ExtractSettings } from "../extract/index.js";
import type { PipelineContext } from "./pipeline-context.js";

/** How a source is extracted: what is set for it, or for all. */
export function sourceSettings({ config, rejects }: PipelineContext, source: SourceDefinition): ExtractSettings {
  const {
    maxParallelItems,
    nextItemMode = "round_robin",
    copyOnFork,
  } = extractSettings({ config, source: sectionsOf(source) });
  return { maxParallelItems, nextItemMode, copyOnFork, keepsRejects: rejects !== "none" };
}

/** The nesting limit of the configuration. */
export function configuredNesting(config: ConfigContext, source: SourceDefinition): number | undefined {
  const { maxTableNesting } = extractSettings({ config, source: sectionsOf(source) });
  return maxTableNesting ?? normalizeSettings({ config }).maxTableNesting;
}

function sectionsOf({ section, name }: SourceDefinition): SourceSections {
  return ["sources", section, name];
}
