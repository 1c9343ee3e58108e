import { decodeJson } from "@dlt/core/engine";
import type { VectorObject } from "../read-vectors.js";

/** An outcome of our own, where a case cannot be held to that of the reference. */
interface OwnOutcome {
  /** Ends the sentence "… of them by our own outcome, …". */
  readonly reason: string;
  /** By the number of the run, what replaces members of `expect`: JSON. An error of ours is named by its code. */
  readonly runs: Readonly<Record<number, string>>;
}

const ownOutcomes: Readonly<Record<string, OwnOutcome>> = {
  di_rows_without_key: {
    reason: "since a missing key is found while rows are written to files",
    runs: { 1: '{"error": ["FILE_VALUE_NULL"], "step": "normalize"}' },
  },
  decimal_overflow: {
    reason: "since load files are Parquet, which holds decimals to the size of their column",
    runs: { 1: '{"error": ["FILE_VALUE_OUT_OF_RANGE"], "step": "normalize"}' },
  },
  append_to_merge_nested: {
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
export function whyOwnOutcome(vector: VectorObject): string | null {
  return ownOutcomes[String(vector.get("id"))]?.reason ?? null;
}

/** What a run of a case expects, with our own outcome in place of that of the reference. */
export function expectedOutcome(vector: VectorObject, run: number): VectorObject {
  const { expect } = Object.fromEntries((vector.get("runs") as readonly VectorObject[])[run] ?? []);
  const own = ownOutcomes[String(vector.get("id"))]?.runs[run];
  return new Map([...(expect as VectorObject), ...(own === undefined ? [] : (decodeJson(own) as VectorObject))]);
}
