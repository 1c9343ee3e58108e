import type { DataType } from "./schema.js";

/** What decided the type of a column. Kept beside the schema, so that a column can be explained; never part of it. */
export interface ColumnOrigin {
  readonly table: string;
  readonly column: string;
  /** The type that was decided. */
  readonly dataType: DataType;
  readonly decision: ColumnDecision;
  /** Row of the resource, from 0, whose value decided or asked for the column; `null` when no row did. */
  readonly row: number | null;
}

/**
 * | kind | decided by |
 * | --- | --- |
 * | `value` | the type of the first value |
 * | `detection` | a detection that recognised the first value, by its name |
 * | `preferred-type` | a rule for preferred types that matches the name |
 * | `fraction` | an integral JavaScript number that a fraction followed |
 * | `variant` | a value that does not fit the column `of`; `detection`: what recognised it |
 * | `nesting` | an object or list at the deepest level that is unpacked |
 * | `columns` | the type of a column in a batch |
 * | `declared` | hints of a resource, or a schema file |
 * | `wider` | a value that the column was too narrow for; the type is that of before with another precision or scale |
 */
export type ColumnDecision =
  | { readonly kind: "value"; readonly valueType: DataType }
  | { readonly kind: "detection"; readonly detection: string; readonly valueType: DataType }
  | { readonly kind: "preferred-type"; readonly rule: string; readonly valueType: DataType }
  | { readonly kind: "fraction" }
  | {
      readonly kind: "variant";
      readonly of: string;
      readonly ofType: DataType;
      readonly valueType: DataType;
      readonly detection?: string;
    }
  | { readonly kind: "nesting" }
  | { readonly kind: "columns" }
  | { readonly kind: "declared" }
  | { readonly kind: "wider"; readonly before: string; readonly after: string };

/** An origin with the load and the resource that it belongs to. */
export interface RecordedOrigin extends ColumnOrigin {
  readonly loadId: string;
  readonly resource: string;
}
