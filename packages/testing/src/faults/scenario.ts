import type { DestinationCapabilities } from "@dlt/core";
import type { Pipeline, Source } from "@dlt/pipeline";

/** Loads of a pipeline, day by day. A day that is loaded again brings the same. */
export interface FaultScenario {
  readonly name: string;
  /** Days, each of which is loaded once. */
  readonly days: number;
  /** What it asks of a destination; `null`: nothing special. */
  readonly needs: {
    readonly mergeStrategy?: string;
    readonly replaceStrategy?: string;
    /** It drops or empties tables, which a destination that hands rows on does not have. */
    readonly tables?: true;
    readonly fileFormat?: string;
  } | null;
  /** Settings by environment variable. */
  readonly env?: Readonly<Record<string, string>>;
  load(pipeline: Pipeline, day: number, capabilities: DestinationCapabilities): Promise<unknown>;
}

/** The sources of each day, loaded by a plain run. */
export function dailyRuns(
  name: string,
  sourcesOn: (day: number) => readonly Source[],
  options: Partial<Omit<FaultScenario, "name" | "load">> = {},
): FaultScenario {
  return { name, days: 2, needs: null, ...options, load: (pipeline, day) => pipeline.run(sourcesOn(day)) };
}
