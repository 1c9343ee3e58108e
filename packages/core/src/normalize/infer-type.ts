import type { ColumnDecision } from "../contract/column-origin.js";
import type { ColumnKey } from "../contract/normalizer.js";
import type { DataType } from "../contract/schema.js";
import { dataTypeOf } from "../values/data-type.js";
import type { DataValue } from "../values/data-value.js";
import { type Detected, detect } from "../values/detect-type.js";
import { parseIso } from "../values/iso-text.js";
import { isWithinUtcYears, Timestamp } from "../values/timestamp.js";
import type { NormalizeState } from "./state.js";

/** A value on its way to a column. */
export interface GivenValue {
  readonly value: DataValue;
  /** An object or list that is not unpacked. Default: false. */
  readonly isNested?: boolean;
  /** The column that it does not fit. */
  readonly variantOf?: { readonly name: string; readonly dataType: DataType } | undefined;
}

/** A type and what it comes from. */
interface InferredType {
  readonly dataType: DataType;
  readonly decision: ColumnDecision;
}

/** The type of a column that is new. */
export function inferType(state: NormalizeState, [table, name]: ColumnKey, given: GivenValue): InferredType {
  const valueType = dataTypeOf(given.value) as DataType;
  const inferred = ruledType(state, name, given) ?? { dataType: valueType, decision: ownDecision(given, valueType) };
  return inferred.dataType === "bigint" && valueType === "bigint" && state.isDouble(table, name)
    ? { dataType: "double", decision: { kind: "fraction" } }
    : inferred;
}

/** The type that a rule of the schema or a detection gives to a column; `null` when none does and the column is no variant. */
function ruledType(state: NormalizeState, name: string, { value, variantOf }: GivenValue): InferredType | null {
  const valueType = dataTypeOf(value) as DataType;
  const preferred = variantOf === undefined ? state.settings.preferredRule(name) : undefined;
  if (preferred !== undefined)
    return { dataType: preferred.dataType, decision: { kind: "preferred-type", rule: preferred.rule, valueType } };
  const found = detected(state, value);
  const detection = found === null ? {} : { detection: found.detection };
  if (variantOf !== undefined) {
    const { name: of, dataType: ofType } = variantOf;
    const decision = { kind: "variant", of, ofType, valueType, ...detection } as const;
    return { dataType: found?.dataType ?? valueType, decision };
  }
  if (found === null) return null;
  return { dataType: found.dataType, decision: { kind: "detection", detection: found.detection, valueType } };
}

function ownDecision({ isNested = false }: GivenValue, valueType: DataType): ColumnDecision {
  return isNested ? { kind: "nesting" } : { kind: "value", valueType };
}

/** What the detections of the schema find; nothing for a date-time that has no year in UTC, which stays text. */
function detected({ settings, run }: NormalizeState, value: DataValue): Detected | null {
  const found = detect(value, settings.detections, run.nowMicros);
  const parsed = found?.dataType === "timestamp" && typeof value === "string" ? parseIso(value) : null;
  return parsed instanceof Timestamp && !isWithinUtcYears(parsed) ? null : found;
}
