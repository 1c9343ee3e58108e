import type { ColumnBuilder } from "../columns/column-builder.js";
import type { ColumnSchema, DataType, PartialTable } from "../contract/schema.js";
import { InternalError, SchemaError } from "../errors/index.js";
import { decodeTyped } from "../json/typed-values.js";
import type { JsonValue } from "../json/value.js";
import { evaluateContract } from "../schema/contract/evaluate.js";
import { resolveContract } from "../schema/contract/resolve.js";
import { completeColumn, inferColumn, newNestedTable, newRootTable } from "../schema/infer-column.js";
import { isComplete } from "../schema/predicates.js";
import { dataTypeOf } from "../values/data-type.js";
import type { DataValue } from "../values/data-value.js";
import { detectType } from "../values/detect-type.js";
import { parseIso } from "../values/iso-text.js";
import { isWithinUtcYears, Timestamp } from "../values/timestamp.js";
import { builderFor, setValue } from "./column-values.js";
import { keyId, rowId } from "./content-id.js";
import type { PlanField, PlanNode } from "./plan.js";
import type { RootPlan } from "./root-plan.js";
import type { RowTable } from "./row-table.js";
import type { NormalizeState } from "./state.js";

/** Stands for a value that is made from the links of the rows after the chunk is complete. */
const linked = Symbol("linked");
type FlatValue = JsonValue | typeof linked;

/** A row of one table before its values are looked at: column, value, and the field it came from. */
interface FlatRow {
  readonly values: Map<string, FlatValue>;
  readonly keys: Map<string, PlanField>;
  readonly lists: readonly (readonly [field: PlanField, elements: readonly JsonValue[]])[];
}

/** Where a row hangs. */
interface RowPlace {
  readonly table: RowTable;
  /** `null` for a root row. */
  readonly parent: RowTable | null;
  readonly parentRow: number;
  readonly listIndex: number;
  /** Values handed down from the rows above. */
  readonly inherited: ReadonlyMap<string, FlatValue>;
}

/** A list in a row that was added, and how many of its elements were. An empty list leaves no trace. */
interface OpenList {
  readonly field: PlanField;
  readonly elements: readonly JsonValue[];
  readonly above: Omit<RowPlace, "table" | "listIndex"> & { readonly parent: RowTable };
  next: number;
}

/** A column that a row adds, and the value it holds there. */
interface PlacedValue {
  readonly column: string;
  readonly value: DataValue;
}

/**
 * The rules of the relational normalizer for one row at a time, in full generality: flattening, child tables, inference,
 * conversion, variants, contracts. It reads a decoded row, extends the schema where the row asks for it, and keeps the plan of the
 * root table up to date, so that the next row of the shape is read by the plan alone.
 */
export class RelationalRules {
  private readonly state: NormalizeState;

  constructor(state: NormalizeState) {
    this.state = state;
  }

  /** Adds the root row `item` and the rows below it. `rowNumber` counts from 0 within the resource. */
  addRootRow(plan: RootPlan, item: JsonValue, rootRow: number): void {
    const place = { table: plan.root, parent: null, parentRow: -1, listIndex: 0, inherited: noValues };
    plan.hasSeenRow = true;
    // Lists whose elements are rows still to be added, the innermost last: depth does not use up the stack.
    const open: OpenList[] = [];
    this.addRow(plan, plan.node, item instanceof Map ? item : new Map([["value", item]]), place, rootRow, open);
    for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
      if (list.next < list.elements.length) this.addElement(plan, list, rootRow, open);
      else open.pop();
    }
  }

  /** Adds one row; the lists in it are left in `open`, the first of them last. */
  private addRow(
    plan: RootPlan,
    node: PlanNode,
    item: ReadonlyMap<string, JsonValue>,
    place: RowPlace,
    rootRow: number,
    open: OpenList[],
  ): void {
    const { table } = place;
    const flat = this.flatten(plan, node, item);
    for (const [column, value] of place.inherited) flat.values.set(column, value);
    const rowTable = this.linkColumns(table, flat, item, place);
    const inherited = this.inherit(place, flat);
    const row = this.writeRow(plan, table, flat, place, rootRow, rowTable);
    if (row < 0) return;
    const above = { parent: table, parentRow: row, inherited };
    for (let i = flat.lists.length - 1; i >= 0; i--) {
      const [field, elements] = flat.lists[i] as FlatRow["lists"][number];
      open.push({ field, elements, above, next: 0 });
    }
  }

  private addElement(plan: RootPlan, open: OpenList, rootRow: number, all: OpenList[]): void {
    const list = plan.listAt(open.field, this.state);
    const listIndex = open.next++;
    const element = open.elements[listIndex] as JsonValue;
    const place = { table: list.table, listIndex, ...open.above };
    if (element instanceof Map) this.addRow(plan, list.objects, element, place, rootRow, all);
    else if (Array.isArray(element)) this.addRow(plan, list.lists, new Map([["list", element]]), place, rootRow, all);
    else this.addRow(plan, list.objects, new Map([["value", element]]), place, rootRow, all);
  }

  /**
   * Brings the scalars of an object and of the objects in it to one level. Scalars of a level come first; of the nested objects
   * the last is taken first, which is what fixes the order of columns. Of keys that lead to one place the last one counts.
   */
  private flatten(plan: RootPlan, node: PlanNode, item: ReadonlyMap<string, JsonValue>): FlatRow {
    const values = new Map<string, FlatValue>();
    const keys = new Map<string, PlanField>();
    const lists = new Map<string, readonly [PlanField, readonly JsonValue[]]>();
    const waiting: [PlanNode, ReadonlyMap<string, JsonValue>][] = [[node, item]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [at, object] = next;
      for (const [key, value] of object) {
        const field = plan.field(at, key, this.state);
        if (value instanceof Map && !field.staysJson) waiting.push([plan.objectAt(field), value]);
        else if (Array.isArray(value) && !field.staysJson) lists.set(plan.listPath(field).join("\0"), [field, value]);
        else {
          values.set(field.column, value);
          keys.set(field.column, field);
        }
      }
    }
    return { values, keys, lists: [...lists.values()] };
  }

  /** Puts the columns of the library at their places; gives the id that the row brought or that its content makes. */
  private linkColumns(
    table: RowTable,
    { values }: FlatRow,
    item: ReadonlyMap<string, JsonValue>,
    place: RowPlace,
  ): string | null {
    const { system } = this.state.schema;
    const nested = this.state.isNested(table) && place.parentRow >= 0;
    if (!nested) values.set(system.loadId, linked);
    const own = values.get(system.id);
    if (own !== undefined && own !== linked && own !== null && own !== "" && own !== 0 && own !== false) {
      return String(decodeTyped(own));
    }
    if (nested) {
      values.set(system.parentId, linked);
      values.set(system.listIdx, linked);
    }
    values.set(system.id, linked);
    switch (nested ? null : this.state.contentIdKind(table)) {
      case "key":
        return keyId(this.state.schema, table.name, values as ReadonlyMap<string, JsonValue>, this.state.rowNumber);
      case "row":
        return rowId(item);
      default:
        return null;
    }
  }

  /** What the rows below get: the values handed down so far and those that this row adds. */
  private inherit({ table, listIndex, inherited: above }: RowPlace, { values }: FlatRow): RowPlace["inherited"] {
    const propagated = this.state.propagated(table);
    if (propagated.length === 0) return above;
    const { system } = this.state.schema;
    const inherited = new Map(above);
    for (const [from, to] of propagated) {
      let value = values.get(from);
      // Of what is linked only ids are not known yet: rows below find them through their links.
      if (value === linked && from === system.loadId) value = this.state.run.loadId;
      if (value === linked && from === system.listIdx) value = listIndex;
      if (from === system.id) value = linked;
      if (value !== undefined && value !== null) inherited.set(to, value);
    }
    return inherited;
  }

  /** Converts and writes a row; gives its index, or -1 when it was refused and what hangs below it with it. */
  private writeRow(
    plan: RootPlan,
    table: RowTable,
    flat: FlatRow,
    place: RowPlace,
    rootRow: number,
    givenId: string | null,
  ): number {
    const { state } = this;
    if (table.refused) return -1;
    const keep = state.rowFilter(table.name);
    const placed: PlacedValue[] = [];
    const added = new Map<string, ColumnSchema>();
    let kept = 0;
    for (const [name, value] of flat.values) {
      if (keep !== null && !keep(name)) continue;
      kept += 1;
      const filter = state.columnFilter(table.name, name);
      if (filter === "discard_value") continue;
      if (filter === "discard_row" && value !== null) return -1;
      if (value === linked || (name === state.schema.system.id && givenId !== null)) this.placeLink(table, name, added);
      else if (value === null) this.placeNull(table, name, flat.keys.get(name));
      else this.placeValue(table, name, decodeTyped(value), added, placed);
    }
    if (keep !== null && kept === 0) return -1;
    let discarded: ReadonlySet<string> | null = null;
    if (added.size > 0) {
      const outcome = this.extend(plan, place, added);
      if (outcome === "row refused") return -1;
      discarded = outcome;
    }
    const row =
      place.parent === null
        ? table.addRow(-1, 0, rootRow)
        : table.addRowBelow(place.parent, place.parentRow, place.listIndex, rootRow);
    if (givenId !== null) table.givenIds.set(row, givenId);
    for (const { column, value } of placed) {
      if (discarded?.has(column)) continue;
      const builder = table.builderFor(this.builderOf(table, column), value);
      setValue(builder, row, value, { table: table.name, rowNumber: state.rowNumber });
    }
    return row;
  }

  private builderOf(table: RowTable, name: string): ColumnBuilder {
    let builder = table.columns.get(name);
    const column = this.state.columnOf(table.name, name);
    if (builder === undefined && column !== undefined) {
      builder = builderFor(column, this.state.run);
      table.columns.set(name, builder);
    }
    if (builder === undefined)
      throw new InternalError("INTERNAL_STATE_UNEXPECTED", `Column \`${table.name}.${name}\` has values and no type.`);
    return builder;
  }

  /** Adds a column of the library that the table lacks. Its values come from the links. */
  private placeLink(table: RowTable, name: string, added: Map<string, ColumnSchema>): void {
    const { state } = this;
    const existing = state.columnOf(table.name, name);
    if (isComplete(existing)) return;
    const dataType = name === state.schema.system.listIdx ? "bigint" : "text";
    const inferred = inferColumn(state.settings, { name, dataType }, state.precisions);
    const isNew = !state.columnarTables.has(table.name);
    added.set(name, completeColumn(existing, isNew ? inferred : { ...inferred, nullable: true }));
  }

  private placeNull(table: RowTable, name: string, field: PlanField | undefined): void {
    const { state } = this;
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

  /** Finds the column that a value goes to, converts it, and adds the column when there is none. */
  private placeValue(
    table: RowTable,
    name: string,
    value: DataValue,
    added: Map<string, ColumnSchema>,
    placed: PlacedValue[],
    variantOf?: string,
  ): void {
    const { state } = this;
    const existing = added.get(name) ?? state.columnOf(table.name, name);
    const valueType = dataTypeOf(value) as DataType;
    const dataType = isComplete(existing)
      ? (existing.dataType as DataType)
      : this.inferType(table, name, value, valueType, variantOf !== undefined);
    const converted = state.convert(value, valueType, dataType);
    if (converted.outcome !== "value") {
      if (variantOf !== undefined) throw this.notConvertible(table, variantOf, name, valueType, dataType);
      if (dataType === "bigint" && typeof value === "number") state.noteFraction([table.name, name]);
      const [suffix, other] =
        converted.outcome === "variant" ? [converted.suffix, converted.value] : [valueType, value];
      this.placeValue(table, state.variantColumn(table.name, name, suffix), other, added, placed, name);
      return;
    }
    if (!isComplete(existing)) {
      const inferred = inferColumn(
        state.settings,
        { name, dataType, variant: variantOf !== undefined },
        state.precisions,
      );
      added.set(name, completeColumn(existing, inferred));
      if (dataType === "bigint" && valueType === "bigint") state.noteInteger([table.name, name]);
    }
    placed.push({ column: name, value: converted.value });
  }

  private inferType(
    table: RowTable,
    name: string,
    value: DataValue,
    valueType: DataType,
    isVariant: boolean,
  ): DataType {
    const { state } = this;
    const preferred = isVariant ? undefined : state.settings.preferredType(name);
    const dataType = preferred ?? this.detectedType(value) ?? valueType;
    return dataType === "bigint" && valueType === "bigint" && state.isDouble(table.name, name) ? "double" : dataType;
  }

  /** The type that the detections of the schema find; none for a date-time that has no year in UTC, which stays text. */
  private detectedType(value: DataValue): DataType | null {
    const { settings, run } = this.state;
    const detected = detectType(value, settings.detections, run.nowMicros);
    const parsed = detected === "timestamp" && typeof value === "string" ? parseIso(value) : null;
    return parsed instanceof Timestamp && !isWithinUtcYears(parsed) ? null : detected;
  }

  /**
   * Adds columns to a table, as far as the contract allows. Gives the columns that the row must lose, or `"row refused"`.
   */
  private extend(
    plan: RootPlan,
    { table, parent }: RowPlace,
    added: ReadonlyMap<string, ColumnSchema>,
  ): ReadonlySet<string> | "row refused" {
    const { state } = this;
    const existing = state.schema.tables.get(table.name);
    const base = existing ?? (parent === null ? newRootTable(table.name) : newNestedTable(table.name, parent.name));
    const partial: PartialTable = { ...base, columns: added };
    const contract = resolveContract(state.schema, table.name, parent?.name);
    const { partial: allowed, filters } = evaluateContract(state.schema, contract, partial, { row: state.rowNumber });
    if (allowed === null) {
      table.refused = true;
      return "row refused";
    }
    if (allowed.columns.size > 0 || existing === undefined) {
      state.extendSchema(allowed);
      plan.bind(table, allowed.columns.keys(), state);
    }
    state.addFilters(table.name, filters);
    const lost = new Set<string>();
    for (const filter of filters) {
      if (filter.mode === "discard_row") return "row refused";
      lost.add(filter.name);
    }
    return lost;
  }

  private notConvertible(table: RowTable, column: string, variant: string, from: DataType, to: DataType): SchemaError {
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

const noValues: ReadonlyMap<string, FlatValue> = new Map();
