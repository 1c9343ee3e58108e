import type { PackageFacts, PipelineFacts, SchemaFacts } from "../facts/pipeline-facts.js";
import { countOf, momentOf, section } from "../text.js";

/** What `dlt pipeline <name> info` prints. */
export function infoText(facts: PipelineFacts, { isVerbose }: { readonly isVerbose: boolean }): string {
  const { pipeline_name: name, working_dir: folder, state, sources, schemas, packages, first_run: firstRun } = facts;
  const stateLines = Object.entries(state).map(([key, value]) => `${key}: ${valueText(value)}`);
  return [
    `Found pipeline ${name} in ${folder}`,
    ...section("State, as it is shared through the destination:", stateLines),
    ...section("State of sources:", sourceLines(sources, { name, isVerbose })),
    ...(firstRun ? ["", "Nothing was loaded yet."] : []),
    ...(schemas.length === 0 ? ["", "There is no schema yet: nothing was extracted."] : []),
    ...schemas.flatMap((schema) => schemaLines(schema, isVerbose)),
    ...packagesLines(packages, name),
    "",
    lastRunLine(facts),
  ].join("\n");
}

/** Load packages by stage, with what to do about those that wait. */
export function packagesLines(packages: PackageFacts, pipelineName: string): readonly string[] {
  const { extracted, normalized, completed, partially_loaded: partial, failed_jobs: failedJobs } = packages;
  const failed = `${countOf(failedJobs, "job")} failed for good. See them: dlt pipeline ${pipelineName} failed-jobs`;
  return [
    ...section(`${countOf(extracted.length, "package")} extracted, to be normalized by the next run:`, extracted),
    ...section(`${countOf(normalized.length, "package")} normalized, to be loaded by the next run:`, normalized),
    ...(partial === null
      ? []
      : [
          `Part of package ${partial} is at the destination already. The next run finishes it, and loads nothing twice.`,
        ]),
    ...(failedJobs === 0 ? [] : [failed]),
    ...section(`${countOf(completed.length, "package")} completed:`, lastOf(completed)),
  ];
}

/** The last few, and how many were before them. */
function lastOf(loadIds: readonly string[]): readonly string[] {
  const before = loadIds.length - mostShown;
  return before > 0 ? [`${countOf(before, "package")} before`, ...loadIds.slice(-mostShown)] : loadIds;
}

const mostShown = 10;

function valueText(value: string | number | readonly string[] | null): string {
  if (value === null) return "none";
  return typeof value === "object" ? value.join(", ") || "none" : String(value);
}

function sourceLines(
  sources: PipelineFacts["sources"],
  { name, isVerbose }: { readonly name: string; readonly isVerbose: boolean },
): readonly string[] {
  const names = Object.keys(sources);
  if (names.length === 0) return [];
  if (!isVerbose) return [`${names.join(", ")} (to see it: dlt pipeline ${name} info -v)`];
  return JSON.stringify(
    sources,
    (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value),
    2,
  ).split("\n");
}

function schemaLines({ schema_name: name, version, resources }: SchemaFacts, isVerbose: boolean): readonly string[] {
  const lines = resources.flatMap(({ resource_name: resource, tables, state_slots: slots }) => [
    `${resource} with ${countOf(tables.length, "table")} and ${countOf(slots, "resource state slot")}`,
    ...(isVerbose ? tables.map((table) => `  ${tableLine(table)}`) : []),
  ]);
  return section(`Resources in schema ${name} (version ${version}):`, lines);
}

function tableLine(table: SchemaFacts["resources"][number]["tables"][number]): string {
  const { table_name: name, columns, has_data: hasData, incomplete_columns: incomplete } = table;
  const open = incomplete === 0 ? "" : `, ${countOf(incomplete, "column")} without a type yet`;
  return `${name}: ${countOf(columns, "column")}, ${hasData ? "received data" : "not yet received data"}${open}`;
}

function lastRunLine({ last_run: run, pipeline_name: name }: PipelineFacts): string {
  if (run === null) return "No run left a trace.";
  const end = run.is_failed ? "FAILED" : "completed";
  return `The last run ${end} at ${momentOf(new Date(run.finished_at))}. How it went: dlt pipeline ${name} trace`;
}
