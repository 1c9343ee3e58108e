import type { ColumnSchema, DataType, NamingConvention, PartialTable } from "../contract/index.js";
import type { CompiledSettings } from "./settings.js";

/** What a destination keeps of a time, in fractional digits of a second. */
export interface TypePrecisions {
  /** Used where a column says nothing. */
  readonly timestampPrecision: number;
  readonly maxTimestampPrecision: number;
}

/** What is known of a column from its first value. */
export interface InferredColumn {
  /** Normalized. */
  readonly name: string;
  readonly dataType: DataType;
  readonly precision?: number;
  readonly scale?: number;
  /** It was made because a value did not fit the column of its field. */
  readonly variant?: boolean;
}

/** The column for a first value: nullable unless a rule says otherwise, with the default hints that match its name. */
export function inferColumn(
  settings: CompiledSettings,
  column: InferredColumn,
  precisions: TypePrecisions,
): ColumnSchema {
  const { name, dataType, scale, variant = false } = column;
  const precision = storedPrecision(column, precisions);
  return {
    name,
    dataType,
    nullable: !settings.isNotNull(name),
    ...(precision !== undefined && { precision }),
    ...(scale !== undefined && { scale }),
    ...settings.hintsOf(name),
    ...(variant && { variant }),
  };
}

// A time cannot be finer than the destination keeps it, and what equals its default is not written down.
function storedPrecision({ dataType, precision }: InferredColumn, precisions: TypePrecisions): number | undefined {
  if (dataType !== "timestamp" && dataType !== "time") return precision;
  const kept = Math.min(precision ?? precisions.timestampPrecision, precisions.maxTimestampPrecision);
  return kept === precisions.timestampPrecision ? undefined : kept;
}

/** The inferred column with everything that was declared of it; what is declared wins. */
export function completeColumn(declared: ColumnSchema | undefined, inferred: ColumnSchema): ColumnSchema {
  if (declared === undefined) return inferred;
  const { dataType, ...hints } = declared;
  return { ...inferred, ...hints, ...(dataType && { dataType }) };
}

/** Name of the column for values of a type that does not fit: `c__v_text`. */
export function variantName(naming: NamingConvention, column: string, suffix: string): string {
  return naming.shortenFragments(column, `v_${suffix}`);
}

/** A table for the rows of a list, without columns. */
export function newNestedTable(name: string, parent: string): PartialTable {
  return { name, columns: new Map(), parent };
}

/** A table that no hints say anything of, without columns. */
export function newRootTable(name: string, resource: string = name): PartialTable {
  return { name, columns: new Map(), writeDisposition: "append", resource };
}
