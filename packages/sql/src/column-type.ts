import {
  type ColumnSchema,
  type ColumnType,
  type DataType,
  type DestinationCapabilities,
  DestinationError,
} from "@dlt/core";
import type { SqlDialect } from "./dialect.js";

/** Column types of a database as data. `{precision}` and `{scale}` in a type are filled in. */
export interface ColumnTypes {
  /** By precision: bits of a `bigint`, fraction digits of times. */
  readonly bigint: ByPrecision;
  readonly timestamp: ByPrecision;
  /** For `timezone: false`. */
  readonly naiveTimestamp: ByPrecision;
  readonly time: ByPrecision;
  /** Always with precision and scale. */
  readonly decimal: string;
  readonly wei: string;
  readonly maxDecimalPrecision: number;
  /** `bounded` when the column has a precision. */
  readonly others: Readonly<
    Record<"text" | "double" | "bool" | "binary" | "json" | "date", { unbounded: string; bounded?: string }>
  >;
  /** Data types of stored column types: upper case, without what is in parentheses. Others count as text. */
  readonly stored: Readonly<Record<string, DataType>>;
}

/** The first step that holds the precision counts; without steps the precision does not matter. */
export interface ByPrecision {
  readonly unspecified: string;
  readonly steps: readonly { readonly maxPrecision: number; readonly type: string }[];
}

const defaultDecimalPrecision: readonly [number, number] = [38, 9];

/**
 * The column type of a complete column.
 * @throws DestinationError `DESTINATION_TYPE_UNSUPPORTED`
 */
export function columnType(dialect: SqlDialect, table: string, column: ColumnSchema): string {
  const { types, capabilities } = dialect;
  const { dataType } = column;
  if (dataType === undefined || dataType === null) throw unsupported(dialect, table, column, "has no data type");
  if (capabilities.unsupportedTypes?.includes(dataType)) {
    throw unsupported(dialect, table, column, `has the type \`${dataType}\`, for which there is no column type`);
  }
  switch (dataType) {
    case "bigint":
    case "time":
      return byPrecision(dialect, table, column, types[dataType]);
    case "timestamp":
      return byPrecision(dialect, table, column, column.timezone === false ? types.naiveTimestamp : types.timestamp);
    case "decimal":
    case "wei":
      return decimalType(dialect, table, column, dataType);
    default: {
      const { unbounded, bounded } = types.others[dataType];
      return bounded === undefined || isNone(column.precision)
        ? unbounded
        : fill(bounded, column.precision, column.scale ?? 0);
    }
  }
}

/** Data type of a stored column; the time zone of a timestamp is not known from it. */
export function storedColumnType(
  dialect: SqlDialect,
  stored: { readonly type: string; readonly precision?: number | null; readonly scale?: number | null },
): ColumnType {
  const name = stored.type.replace(/\s*\(.*?\)/, "").toUpperCase();
  const inType = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(stored.type);
  const precision = stored.precision ?? (inType?.[1] === undefined ? null : Number(inType[1]));
  const scale = stored.scale ?? (inType?.[2] === undefined ? null : Number(inType[2]));
  const dataType = dialect.types.stored[name] ?? "text";
  const [weiPrecision, weiScale] = weiPrecisionOf(dialect.capabilities);
  if (dataType === "decimal" && precision === weiPrecision && scale === weiScale)
    return { dataType: "wei", precision, scale };
  return { dataType, ...(precision !== null && { precision }), ...(scale !== null && { scale }) };
}

function byPrecision(
  dialect: SqlDialect,
  table: string,
  column: ColumnSchema,
  { unspecified, steps }: ByPrecision,
): string {
  const { precision } = column;
  if (isNone(precision) || steps.length === 0) return unspecified;
  const step = steps.find(({ maxPrecision }) => precision <= maxPrecision);
  if (step === undefined) {
    const most = steps.reduce((highest, { maxPrecision }) => Math.max(highest, maxPrecision), 0);
    throw unsupported(
      dialect,
      table,
      column,
      `has precision ${precision}, but ${most} is the most for \`${column.dataType}\``,
    );
  }
  return fill(step.type, precision, column.scale ?? 0);
}

function decimalType(dialect: SqlDialect, table: string, column: ColumnSchema, dataType: "decimal" | "wei"): string {
  const { types, capabilities } = dialect;
  const defaults = dataType === "wei" ? weiPrecisionOf(capabilities) : decimalPrecisionOf(capabilities);
  const precision = column.precision ?? defaults[0];
  const scale = column.scale ?? defaults[1];
  if (precision > types.maxDecimalPrecision) {
    throw unsupported(
      dialect,
      table,
      column,
      `has precision ${precision}, but ${types.maxDecimalPrecision} is the most`,
    );
  }
  if (scale > precision)
    throw unsupported(dialect, table, column, `has scale ${scale}, which is more than its precision ${precision}`);
  return fill(types[dataType], precision, scale);
}

function decimalPrecisionOf(capabilities: DestinationCapabilities): readonly [number, number] {
  return capabilities.decimalPrecision ?? defaultDecimalPrecision;
}

function weiPrecisionOf(capabilities: DestinationCapabilities): readonly [number, number] {
  return capabilities.weiPrecision ?? [decimalPrecisionOf(capabilities)[0], 0];
}

function fill(type: string, precision: number, scale: number): string {
  return type.replace("{precision}", String(precision)).replace("{scale}", String(scale));
}

function isNone(value: number | null | undefined): value is null | undefined {
  return value === null || value === undefined;
}

function unsupported(dialect: SqlDialect, table: string, column: ColumnSchema, reason: string): DestinationError {
  return new DestinationError(
    "DESTINATION_TYPE_UNSUPPORTED",
    `${dialect.name} cannot hold column \`${column.name}\` of table \`${table}\`: it ${reason}.`,
    {
      hint: `Give the column another type, precision or scale: columns: { ${JSON.stringify(column.name)}: { dataType: "text" } }.`,
      context: { table, column: column.name, dataType: column.dataType ?? null, precision: column.precision ?? null },
    },
  );
}
