import type { Source } from "@dlt/core";
import { brokenOf, type Scenario } from "./scenario.js";

/** Two days of loads, and how to look at what they loaded. */
export interface Days {
  sourcesOn(day: number): readonly Source[];
  readonly rootTables: readonly string[];
  readonly nestedTables: readonly string[];
  /** Queries, by their names, for all that was loaded, without what differs between two runs of the same: ids and times. */
  readonly content: Readonly<Record<string, string>>;
}

/** One that has everything of both. */
export function both(one: Days, other: Days): Days {
  return {
    sourcesOn: (day) => [...one.sourcesOn(day), ...other.sourcesOn(day)],
    rootTables: [...one.rootTables, ...other.rootTables],
    nestedTables: [...one.nestedTables, ...other.nestedTables],
    content: { ...one.content, ...other.content },
  };
}

/** A run a day; the second day is loaded in epochs. */
export function daysScenario({ sourcesOn, rootTables, nestedTables, content }: Days): Scenario {
  const columns = `
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'data' AND table_name <> '_dlt_jobs' ORDER BY ALL`;
  const all = (column: string, tables: readonly string[]): string =>
    `(${tables.map((table) => `FROM ${table} SELECT ${column}`).join(" UNION ALL ")})`;
  /** What must hold of the system tables however often a run was interrupted. */
  const rules = {
    "a load is complete once": "SELECT load_id FROM _dlt_loads GROUP BY load_id HAVING count(*) > 1",
    "rows belong to complete loads": `
      SELECT DISTINCT _dlt_load_id FROM ${all("_dlt_load_id", [...rootTables, "_dlt_pipeline_state"])}
      WHERE _dlt_load_id NOT IN (SELECT load_id FROM _dlt_loads)`,
    "a schema version is stored once":
      "SELECT version_hash FROM _dlt_version GROUP BY version_hash HAVING count(*) > 1",
    "loads have their schema":
      "SELECT load_id FROM _dlt_loads WHERE schema_version_hash NOT IN (SELECT version_hash FROM _dlt_version)",
    "a state version is stored once": "SELECT version FROM _dlt_pipeline_state GROUP BY version HAVING count(*) > 1",
    "row ids are unique": `
      SELECT _dlt_id FROM ${all("_dlt_id", [...rootTables, ...nestedTables])} GROUP BY _dlt_id HAVING count(*) > 1`,
  };
  return {
    reaches: (point) => point !== "load.reset.begun" && point !== "load.step.kept",
    run: async (machine, runtime) => {
      for (const day of [1, 2]) {
        const epochs = day === 2 && { checkpoint: { everyRows: 4 } };
        await machine.pipeline({}, runtime).run(sourcesOn(day), { ...epochs });
      }
    },
    content: (machine) => machine.queryAll({ ...content, columns }),
    broken: (machine) => brokenOf(rules, machine),
  };
}
