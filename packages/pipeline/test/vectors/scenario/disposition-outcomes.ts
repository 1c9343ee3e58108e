import { decodeJson } from "@dlt/core/engine";
import type { VectorObject } from "../read-vectors.js";

/** What cases are run on. */
export type ScenarioPlace = "DuckDB" | "PostgreSQL" | "files";

/** An outcome of our own, where a case cannot be held to that of the reference. */
interface OwnOutcome {
  /** Where it holds; elsewhere that of the reference does. */
  readonly on: readonly ScenarioPlace[];
  /** Ends the sentence "… of them by our own outcome, …". */
  readonly reason: string;
  /** By the number of the run, what replaces members of `expect`: JSON. An error of ours is named by its code. */
  readonly runs: Readonly<Record<number, string>>;
}

const ownOutcomes: Readonly<Record<string, OwnOutcome>> = {
  column_type_redeclared: {
    on: ["files"],
    reason: "since files hold values of any type",
    runs: {
      1: `{
        "error": null,
        "tables": {
          "t": {
            "columns": [["id", "BIGINT", "YES"], ["v", "VARCHAR", "YES"],
              ["_dlt_load_id", "VARCHAR", "NO"], ["_dlt_id", "VARCHAR", "NO"]],
            "rows": [[1, 5, "load:1", "id:1"], [2, "x", "load:2", "id:2"]]
          }
        },
        "system": {
          "_dlt_loads": [
            ["load:1", "src", 0, "oQQ410/WuYE+aWBzXtMJ/7rXHRNa67Nz3M/XlooUu+k="],
            ["load:2", "src", 0, "x4pqnW6VQTr2l9b1HahUjetYM98oXntpHrxnSMlVzQE="]
          ],
          "_dlt_version": [
            ["src", 2, "oQQ410/WuYE+aWBzXtMJ/7rXHRNa67Nz3M/XlooUu+k="],
            ["src", 3, "x4pqnW6VQTr2l9b1HahUjetYM98oXntpHrxnSMlVzQE="]
          ],
          "_dlt_pipeline_state": [[1, 4, "vec", "load:1"]]
        }
      }`,
    },
  },
  decimal_overflow: {
    on: ["files"],
    reason: "since files hold values of any type",
    runs: {
      1: `{
        "error": null,
        "tables": {
          "t": {
            "columns": [["a", "DECIMAL(4,2)", "YES"], ["_dlt_load_id", "VARCHAR", "NO"], ["_dlt_id", "VARCHAR", "NO"]],
            "rows": [[{"$decimal": "1.50"}, "load:1", "id:1"], [{"$decimal": "12345.67"}, "load:2", "id:2"]]
          }
        },
        "system": {
          "_dlt_loads": [
            ["load:1", "src", 0, "rx17my0+EB/MO8tG5astXIzv8xEl+fTE3p52F2GJysM="],
            ["load:2", "src", 0, "rx17my0+EB/MO8tG5astXIzv8xEl+fTE3p52F2GJysM="]
          ],
          "_dlt_version": [["src", 2, "rx17my0+EB/MO8tG5astXIzv8xEl+fTE3p52F2GJysM="]],
          "_dlt_pipeline_state": [[1, 4, "vec", "load:1"]]
        }
      }`,
    },
  },
  naming_direct_append_odd_names: {
    on: ["files", "PostgreSQL"],
    reason: "since names there may differ in case only",
    runs: {
      1: `{
        "error": null,
        "tables": {
          "Zamówienia X": {
            "columns": [["Nr Id", "BIGINT", "YES"], ["Łódź▶kod-poczt.", "VARCHAR", "YES"], ["_dlt_load_id", "VARCHAR", "NO"],
              ["_dlt_id", "VARCHAR", "NO"], ["nr id", "BIGINT", "YES"]],
            "rows": [[2, null, "load:2", "id:3", 3]]
          },
          "Zamówienia X▶Poz": {
            "columns": [["Ilość", "BIGINT", "YES"], ["a_b", "BIGINT", "YES"], ["_dlt_parent_id", "VARCHAR", "NO"],
              ["_dlt_list_idx", "BIGINT", "NO"], ["_dlt_id", "VARCHAR", "NO"]],
            "rows": []
          }
        },
        "system": {
          "_dlt_loads": [
            ["load:1", "src", 0, "MjJivYyzBfXogmJuXLV/O2yX/y0lGEIXaAZaQqRk/XM="],
            ["load:2", "src", 0, "uAkki0G6W1cFbW0IbK2Ww650BsQSorNqdqDW28tWBII="]
          ],
          "_dlt_version": [
            ["src", 2, "MjJivYyzBfXogmJuXLV/O2yX/y0lGEIXaAZaQqRk/XM="],
            ["src", 4, "uAkki0G6W1cFbW0IbK2Ww650BsQSorNqdqDW28tWBII="]
          ],
          "_dlt_pipeline_state": [[1, 4, "vec", "load:1"], [2, 4, "vec", "load:2"]]
        }
      }`,
    },
  },
  append_timestamps_precision: {
    on: ["PostgreSQL"],
    reason: "since its columns hold timestamps to the precision of their hint",
    runs: {
      0: `{
        "tables": {
          "t": {
            "columns": [["a", "TIMESTAMP WITH TIME ZONE", "YES"], ["b", "TIMESTAMP WITH TIME ZONE", "YES"],
              ["c", "TIMESTAMP", "YES"], ["d", "TIMESTAMP", "YES"],
              ["_dlt_load_id", "VARCHAR", "NO"], ["_dlt_id", "VARCHAR", "NO"]],
            "rows": [[{"$timestamp": "2024-01-02T03:04:05.123+00:00"}, {"$timestamp": "2024-01-02T03:04:05+00:00"},
              {"$timestamp": "2024-01-02T03:04:05.123456"}, {"$timestamp": "2024-01-02T03:04:05.999999"},
              "load:1", "id:1"]]
          }
        }
      }`,
    },
  },
  append_to_merge_nested: {
    on: ["DuckDB", "PostgreSQL"],
    reason: "since nested rows that were there get the key of their root row",
    runs: {
      1: `{
        "error": null,
        "tables": {
          "t": {
            "columns": [["id", "BIGINT", "YES"], ["_dlt_load_id", "VARCHAR", "NO"], ["_dlt_id", "VARCHAR", "NO"]],
            "rows": [[1, "load:2", "id:3"]]
          },
          "t__l": {
            "columns": [["value", "BIGINT", "YES"], ["_dlt_parent_id", "VARCHAR", "NO"], ["_dlt_list_idx", "BIGINT", "NO"],
              ["_dlt_id", "VARCHAR", "NO"], ["_dlt_root_id", "VARCHAR", "YES"]],
            "rows": [[2, "id:3", 0, "id:4", "id:3"]]
          }
        },
        "system": {
          "_dlt_loads": [
            ["load:1", "src", 0, "GIH2WwYb7/gDG9+ekk8TZlqq+IQfH3aot3gE3uyKmPw="],
            ["load:2", "src", 0, "PphN1BUbY3vB3pfPEfOcpXcMTlJ0wjAuT2m8ZCwxRbA="]
          ],
          "_dlt_version": [
            ["src", 2, "GIH2WwYb7/gDG9+ekk8TZlqq+IQfH3aot3gE3uyKmPw="],
            ["src", 4, "PphN1BUbY3vB3pfPEfOcpXcMTlJ0wjAuT2m8ZCwxRbA="]
          ],
          "_dlt_pipeline_state": [[1, 4, "vec", "load:1"]]
        }
      }`,
    },
  },
};

/** Why a case is held to an outcome of our own; `null`: it is not. */
export function whyOwnOutcome(vector: VectorObject, place: ScenarioPlace): string | null {
  return ownOutcome(vector, place)?.reason ?? null;
}

/** What a run of a case expects, with our own outcome in place of that of the reference. */
export function expectedOutcome(vector: VectorObject, run: number, place: ScenarioPlace): VectorObject {
  const { expect } = Object.fromEntries((vector.get("runs") as readonly VectorObject[])[run] ?? []);
  const own = ownOutcome(vector, place)?.runs[run];
  return new Map([...(expect as VectorObject), ...(own === undefined ? [] : (decodeJson(own) as VectorObject))]);
}

function ownOutcome(vector: VectorObject, place: ScenarioPlace): OwnOutcome | undefined {
  const outcome = ownOutcomes[String(vector.get("id"))];
  return outcome?.on.includes(place) ? outcome : undefined;
}
