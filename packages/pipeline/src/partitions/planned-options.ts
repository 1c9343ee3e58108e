import { PackageError, type PlainJson, type SourceDefinition } from "@dlt/core";
import type { RunHints } from "../extract/index.js";
import type { PipelineContext } from "../run/pipeline-context.js";
import type { ExtractOptions, RefreshMode } from "../run/pipeline-options.js";
import { refreshMode } from "../run/refresh.js";
import { takesInterval } from "../run/scheduled-cursors.js";
import { type RunInterval, schedulerInterval } from "../run/scheduler-interval.js";

type PlannedHints = RunHints & Pick<ExtractOptions, "loaderFileFormat">;

/** What `plan` was told of what is read, which holds for all partitions: plain JSON. */
export interface PlannedOptions {
  readonly hints: { readonly [name: string]: PlainJson };
  /** A schema was given, which names the source. What it says is in the schema of the plan. */
  readonly namesSource: boolean;
  /** As it was found where the plan was made: the environment of other processes does not count. */
  readonly interval: { readonly [name in keyof RunInterval]: string | boolean };
}

// A record, so that none of them can be forgotten.
const hintNames: Readonly<Record<keyof PlannedHints, true>> = {
  tableName: true,
  writeDisposition: true,
  columns: true,
  skipNestedTypes: true,
  primaryKey: true,
  mergeKey: true,
  nestedHints: true,
  references: true,
  schemaContract: true,
  tableFormat: true,
  fileFormat: true,
  maxTableNesting: true,
  incremental: true,
  loaderFileFormat: true,
};

/**
 * What partitions are to know of the options of a plan.
 *
 * @param source what was made of the options
 * @throws PackageError `PARTITION_OPTION_UNSUPPORTED` for values that are no plain JSON
 */
export function plannedOptions(
  options: Omit<ExtractOptions, "refresh">,
  source: SourceDefinition,
  runtime: PipelineContext["runtime"],
): PlannedOptions {
  const given = (Object.keys(hintNames) as (keyof PlannedHints)[]).filter((name) => options[name] !== undefined);
  const hints = Object.fromEntries(given.map((name) => [name, jsonOf(name, options[name])]));
  const { interval, schema } = options;
  const allowed = interval?.allowExternalSchedulers;
  return {
    hints,
    namesSource: schema !== undefined,
    interval: {
      ...(takesInterval(source, interval) && foundInterval(interval, runtime)),
      ...(allowed !== undefined && { allowExternalSchedulers: allowed }),
    },
  };
}

/** The options that a partition makes its source with. */
export function optionsOf({ hints, namesSource, interval }: PlannedOptions, source: string): ExtractOptions {
  return { ...hints, ...(namesSource && { schema: { name: source } }), interval } as ExtractOptions;
}

/**
 * Refuses a refresh, given or set for the pipeline, which nothing but a run can do.
 * @throws PackageError `PARTITION_OPTION_UNSUPPORTED`
 */
export function refuseRefresh(
  context: PipelineContext,
  call: "plan" | "runPartition" | "commit",
  options: object,
): void {
  const mode = refreshMode(context, (options as { readonly refresh?: RefreshMode | null }).refresh);
  if (mode === null) return;
  throw unsupported(
    "refresh",
    `\`${call}\` cannot refresh, and \`refresh\` is "${mode}", given to the call or set for pipeline \`${context.pipelineName}\`.`,
    "Call `run(source, { refresh })` once, or `drop({ dataset: true })`, and plan what comes then with a pipeline without `refresh`.",
  );
}

/**
 * Refuses options of a partition that belong to its plan.
 * @throws PackageError `PARTITION_OPTION_UNSUPPORTED`
 */
export function refusePlanned(options: object): void {
  const name = Object.entries(options).find(
    ([key, value]) => value !== undefined && (key in hintNames || key === "interval" || key === "schema"),
  )?.[0];
  if (name === undefined) return;
  throw unsupported(
    name,
    `\`runPartition\` was given \`${name}\`, which has to be the same for all partitions.`,
    `Give \`${name}\` to \`plan\`, from which all partitions have it.`,
  );
}

function foundInterval(
  given: RunInterval | undefined,
  runtime: PipelineContext["runtime"],
): PlannedOptions["interval"] {
  const { interval } = schedulerInterval(given, runtime);
  return interval === null ? {} : { start: String(interval.start), end: String(interval.end) };
}

function jsonOf(name: string, value: unknown): PlainJson {
  if (isPlainJson(value)) return JSON.parse(JSON.stringify(value)) as PlainJson;
  throw unsupported(
    name,
    `\`plan\` was given \`${name}\` in a form that is no plain JSON, so that other processes cannot be told of it.`,
    "Give it to the resource, in code that all processes share. Options of `plan` are texts, numbers, booleans, `null`, lists and objects of these.",
  );
}

/** `undefined` within objects counts as left out. */
function isPlainJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isPlainJson);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Symbols are how marked values, such as cursors, are told apart.
  if ((prototype !== Object.prototype && prototype !== null) || Object.getOwnPropertySymbols(value).length > 0)
    return false;
  return Object.values(value).every((part) => part === undefined || isPlainJson(part));
}

function unsupported(option: string, message: string, hint: string): PackageError {
  return new PackageError("PARTITION_OPTION_UNSUPPORTED", message, { hint, context: { option } });
}
