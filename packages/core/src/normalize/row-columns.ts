import type { ColumnDecision } from "../contract/column-origin.js";
import type { ColumnSchema, DataType } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { completeColumn, inferColumn } from "../schema/infer-column.js";
import { isComplete } from "../schema/predicates.js";
import { dataTypeOf } from "../values/data-type.js";
import type { DataValue } from "../values/data-value.js";
import { type GivenValue, inferType } from "./infer-type.js";
import type { PlanField } from "./plan.js";
import type { RowTable } from "./row-table.js";
import type { NormalizeState } from "./state.js";
import { widerColumn, widerDecision } from "./wider-column.js";

/** A column that a row adds or changes; `decision`: what its type comes from, `null` for columns of the library. */
export interface AddedColumn {
  readonly column: ColumnSchema;
  readonly decision: ColumnDecision | null;
}

/** A column that a row fills, and the value it holds there. */
interface PlacedValue {
  readonly column: string;
  readonly value: DataValue;
}

/** The columns of one row: which ones it fills with what, and which ones its table lacks or has too narrow. */
export class RowColumns {
  readonly added = new Map<string, AddedColumn>();
  readonly placed: PlacedValue[] = [];
  private readonly state: NormalizeState;
  private readonly table: RowTable;

  constructor(state: NormalizeState, table: RowTable) {
    this.state = state;
    this.table = table;
  }

  /** Adds a column of the library that the table lacks. Its values come from the links. */
  placeLink(name: string): void {
    const { state, table } = this;
    const existing = state.columnOf(table.name, name);
    if (isComplete(existing)) return;
    const dataType = name === state.schema.system.listIdx ? "bigint" : "text";
    const inferred = inferColumn(state.settings, { name, dataType }, state.precisions);
    const isNew = !state.columnarTables.has(table.name);
    const column = completeColumn(existing, isNew ? inferred : { ...inferred, nullable: true });
    this.added.set(name, { column, decision: null });
  }

  /** @throws SchemaError `COLUMN_NULL_REFUSED` */
  placeNull(name: string, field: PlanField | undefined): void {
    const { state, table } = this;
    const column = state.columnOf(table.name, name);
    const refused = isComplete(column) ? column.nullable === false : state.settings.isNotNull(name);
    if (refused) {
      throw new SchemaError(
        "COLUMN_NULL_REFUSED",
        `Column \`${table.name}.${name}\` is not nullable and row ${state.rowNumber} has null there.`,
        {
          hint: "Declare the column with `nullable: true`, or give it a value before the row is yielded.",
          context: { schema: state.schema.name, table: table.name, column: name, row: state.rowNumber },
        },
      );
    }
    if (!isComplete(column) && field !== undefined) field.nullSeen = true;
  }

  /**
   * Finds the column that a value goes to, converts it, and adds the column when there is none.
   *
   * @throws SchemaError `COLUMN_VALUE_NOT_CONVERTIBLE` for a value that fits neither its column nor the variant of it
   */
  placeValue(name: string, { value, isNested = false, variantOf }: GivenValue): void {
    const { state, table, added } = this;
    const existing = added.get(name)?.column ?? state.columnOf(table.name, name);
    const valueType = dataTypeOf(value) as DataType;
    const inferredType = isComplete(existing)
      ? null
      : inferType(state, [table.name, name], { value, isNested, variantOf });
    const dataType = inferredType?.dataType ?? (existing?.dataType as DataType);
    const converted = state.convert(value, valueType, dataType);
    if (converted.outcome !== "value") {
      if (variantOf !== undefined) throw this.notConvertible([variantOf.name, name], valueType, dataType);
      if (dataType === "bigint" && typeof value === "number") state.noteFraction([table.name, name]);
      const [suffix, other] =
        converted.outcome === "variant" ? [converted.suffix, converted.value] : [valueType, value];
      const given = { value: other, variantOf: { name, dataType } };
      this.placeValue(state.variantColumn(table.name, name, suffix), given);
      return;
    }
    if (inferredType !== null) {
      const inferred = inferColumn(
        state.settings,
        { name, dataType, variant: variantOf !== undefined },
        state.precisions,
      );
      added.set(name, { column: completeColumn(existing, inferred), decision: inferredType.decision });
      if (dataType === "bigint" && valueType === "bigint") state.noteInteger([table.name, name]);
    } else if (state.run.widensColumns === true && isComplete(existing)) {
      const column = widerColumn(existing, converted.value, state.run);
      const decision = column === null ? null : widerDecision(existing, column);
      if (column !== null) added.set(name, { column, decision });
    }
    this.placed.push({ column: name, value: converted.value });
  }

  private notConvertible([column, variant]: readonly [string, string], from: DataType, to: DataType): SchemaError {
    const { table } = this;
    const { schema, rowNumber } = this.state;
    return new SchemaError(
      "COLUMN_VALUE_NOT_CONVERTIBLE",
      `Row ${rowNumber} has a ${from} for column \`${table.name}.${column}\` that fits neither the column nor its variant \`${variant}\` of type ${to}.`,
      {
        hint: `Declare the type of \`${column}\` in the hints of the resource, or convert the value with addMap.`,
        context: { schema: schema.name, table: table.name, column, variant, from, to, row: rowNumber },
      },
    );
  }
}
