import type { IncrementalChange, Resource, SourceDefinition } from "@dlt/core";
import { cursorStepOf, mergedCursor, resourceDefinition, setCursor } from "@dlt/core/engine";
import type { ConfigContext } from "../config/config-context.js";
import { incrementalSettings } from "../config/incremental-settings.js";
import { withReadResources } from "../extract/index.js";

/**
 * A copy of a source whose cursors have the options that the configuration gives them, and whose other resources have a cursor where
 * it gives them one. What was changed in code after a resource was declared stays as it is.
 *
 * @throws ConfigError `CONFIG_VALUE_INVALID`; SourceError `INCREMENTAL_OPTION_INVALID`, `CURSOR_PATH_INVALID`
 */
export function configureCursors(source: SourceDefinition, config: ConfigContext): SourceDefinition {
  return withReadResources(source, (resource) => configureCursor(resource, source, config));
}

function configureCursor(resource: Resource, source: SourceDefinition, config: ConfigContext): void {
  const { name, section, steps, withoutCursor } = resourceDefinition(resource);
  const step = cursorStepOf(steps);
  const fixed = step?.fixed ?? [];
  if (withoutCursor === true || fixed === "all") return;
  const found = incrementalSettings({
    config,
    source,
    resource: { name, ...(section !== undefined && { section }) },
    declared: step?.cursor,
  });
  const change = Object.fromEntries(
    Object.entries(found).filter(
      ([option, value]) => value !== undefined && !(fixed as readonly string[]).includes(option),
    ),
  ) as IncrementalChange;
  const cursorPath = change.cursorPath ?? step?.cursor.cursorPath;
  if (cursorPath === undefined || Object.keys(change).length === 0) return;
  setCursor(resource, mergedCursor(step?.cursor, { ...change, cursorPath }));
}
