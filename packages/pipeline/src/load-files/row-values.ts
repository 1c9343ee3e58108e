import { type DataType, type DataValue, DestinationError, type LoadFile, type LoadRow, Timestamp } from "@dlt/core";
import {
  coerce,
  dataTypeOf,
  decodeBase64,
  normalizeTimestamp,
  ownMember,
  plainValue,
  setOwnMember,
} from "@dlt/core/engine";
import { placeOf } from "./open-load-file.js";

interface ShapedColumn {
  readonly name: string;
  readonly dataType: DataType;
  /** Of a timestamp: in UTC; false: naive. */
  readonly timezone: boolean;
}

/** The rows that are made. */
export interface RowShape {
  readonly columns: readonly ShapedColumn[];
  /** Names of the columns of integers. */
  readonly integers: readonly string[];
  readonly hasDocuments: boolean;
}

export function rowShape({ table }: LoadFile, names: readonly string[]): RowShape {
  const columns = names.flatMap((name): readonly ShapedColumn[] => {
    const { dataType, timezone } = table.columns.get(name) ?? {};
    return dataType == null ? [] : [{ name, dataType, timezone: timezone !== false }];
  });
  return {
    columns,
    integers: columns.flatMap(({ name, dataType }) => (dataType === "bigint" ? [name] : [])),
    hasDocuments: columns.some(({ dataType }) => dataType === "json"),
  };
}

/** The row with a typed value for each column, of a parsed line. @throws DestinationError `DESTINATION_VALUE_REFUSED` */
export function rowOf(
  parsed: LoadRow,
  line: number,
  { file, shape }: { readonly file: LoadFile; readonly shape: RowShape },
): LoadRow {
  const row: LoadRow = {};
  for (const column of shape.columns) {
    const given = ownMember<unknown>(parsed, column.name) ?? null;
    const value = given === null ? null : typedValue(given, column);
    if (value === undefined) throw refused(file, line, column);
    setOwnMember<unknown>(row, column.name, value);
  }
  return row;
}

/** A value of JSON as one of its data type; `undefined` when it is none. */
function typedValue(value: unknown, { dataType, timezone }: ShapedColumn): unknown {
  switch (dataType) {
    case "json":
      return value;
    case "binary":
      return typeof value === "string" ? (decodeBase64(value) ?? undefined) : undefined;
    case "double":
      if (typeof value === "number") return value;
      break;
    case "text":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "bigint":
      if (typeof value === "bigint" || Number.isSafeInteger(value)) return value;
      break;
    default:
      break;
  }
  if (typeof value === "object") return undefined;
  const from = dataTypeOf(value as DataValue) ?? dataType;
  const coerced = coerce(value as DataValue, from, dataType);
  if (coerced.outcome !== "value") return undefined;
  if (!(coerced.value instanceof Timestamp)) return plainValue(coerced.value);
  // Written here, it is as the column has it.
  const isAsStored = coerced.value.offsetMinutes === (timezone ? 0 : null);
  return isAsStored ? coerced.value : (normalizeTimestamp(coerced.value, { timezone }) ?? undefined);
}

function refused(file: LoadFile, line: number, { name, dataType }: ShapedColumn): DestinationError {
  return new DestinationError(
    "DESTINATION_VALUE_REFUSED",
    `Line ${line} of \`${file.jobId}\` has a value in column \`${name}\` of table \`${file.table.name}\` that is no \`${dataType}\`. Rows before it may be handed over.`,
    {
      hint: `Give \`${name}\` the type that its values have, or correct the file; then drop the package and run again.`,
      context: { ...placeOf(file), column: name, line },
    },
  );
}
