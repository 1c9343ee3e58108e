import type { NestedPlace } from "../../contract/normalizer.js";
import { decodeJson } from "../../json/decode.js";
import { encodeJson } from "../../json/encode.js";
import type { JsonValue } from "../../json/value.js";

/** Where a rejected row came from: with it the row can be loaded later, at the place where it would have been. */
export interface RowOrigin {
  /** Of the root row within its resource, from 0. */
  readonly rowNumber: number;
  /** JSONPath from the root row. */
  readonly path: string;
  /** `null` for a root row. */
  readonly nested: NestedOrigin | null;
}

/** What a row of a nested table takes from the rows above it. */
export interface NestedOrigin extends RowLinkValues {
  readonly place: NestedPlace;
}

interface RowLinkValues {
  /** Columns that link this row alone: its id, that of its parent, its place in the list. */
  readonly columns: ReadonlyMap<string, JsonValue>;
  /** Columns that the rows below it repeat, such as `_dlt_root_id`. */
  readonly inherited: ReadonlyMap<string, JsonValue>;
}

/** The column `origin_json` of `_dlt_rejects`. */
export function formatNestedOrigin({ place, columns, inherited }: NestedOrigin): string {
  const { parent, tablePath, level } = place;
  return encodeJson({ parent, table_path: tablePath, level, columns, inherited });
}

/** Reads what `formatNestedOrigin` wrote; `null` for any other JSON. */
export function parseNestedOrigin(text: string): NestedOrigin | null {
  const origin = decodeJson(text);
  if (!(origin instanceof Map)) return null;
  const [parent, tablePath, level] = [origin.get("parent"), origin.get("table_path"), origin.get("level")];
  const links = linkValues(origin.get("columns"), origin.get("inherited"));
  if (typeof parent !== "string" || !Array.isArray(tablePath) || typeof level !== "number" || links === null)
    return null;
  return { place: { parent, tablePath: tablePath.map(String), level }, ...links };
}

/** The column `row_json`: a row as it was given, in which there may be an integer that no column holds. */
export function formatRow(row: unknown): string {
  return encodeJson(row, { typed: true, anyInteger: true });
}

/** A row of `_dlt_rejects` as a line of a chunk that is replayed. `row` is JSON text. */
export function formatReplayedLine(row: string, { rowNumber, path, nested }: RowOrigin): string {
  const links = nested === null ? [] : [nested.columns, nested.inherited];
  return `[${[row, ...[rowNumber, path, ...links].map((part) => encodeJson(part))].join(",")}]\n`;
}

/** A row that is replayed. */
export interface ReplayedLine {
  readonly row: JsonValue;
  readonly origin: RowOrigin;
}

/** Takes a replayed line apart; `null` when it is not one. */
export function parseReplayedLine(line: JsonValue, place: NestedPlace | null): ReplayedLine | null {
  if (!Array.isArray(line)) return null;
  const [row = null, rowNumber, path, columns, inherited] = line as readonly JsonValue[];
  const links = linkValues(columns, inherited);
  if (typeof rowNumber !== "number" || typeof path !== "string" || (place !== null && links === null)) return null;
  return { row, origin: { rowNumber, path, nested: place === null || links === null ? null : { place, ...links } } };
}

function linkValues(columns: JsonValue | undefined, inherited: JsonValue | undefined): RowLinkValues | null {
  return columns instanceof Map && inherited instanceof Map ? { columns, inherited } : null;
}
