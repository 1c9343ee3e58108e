import type { ColumnBuilder } from "../columns/column-builder.js";
import type { Rejection } from "../contract/normalizer.js";
import type { DataType, PartialTable } from "../contract/schema.js";
import { InternalError } from "../errors/index.js";
import { decodeTyped } from "../json/typed-values.js";
import type { JsonValue } from "../json/value.js";
import { contractRejection, type Violation } from "../schema/contract/error.js";
import { evaluateContract } from "../schema/contract/evaluate.js";
import { resolveContract } from "../schema/contract/resolve.js";
import { newNestedTable, newRootTable } from "../schema/infer-column.js";
import { isComplete } from "../schema/predicates.js";
import { dataTypeOf } from "../values/data-type.js";
import { builderFor, outOfRange, setValue } from "./column-values.js";
import { keyId, rowId } from "./content-id.js";
import type { PlanField, PlanList, PlanNode } from "./plan.js";
import { formatRow, type RowOrigin } from "./rejects/row-origin.js";
import { type ListStep, rowPath } from "./rejects/row-path.js";
import type { RootPlan } from "./root-plan.js";
import { type AddedColumn, RowColumns } from "./row-columns.js";
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

/** The row of one object, list or scalar of the data. */
interface GivenRow {
  /** As it stands in the data. */
  readonly item: JsonValue;
  readonly level: number;
  /** Of the chunk. */
  readonly rootRow: number;
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
  /** The last step on the way from the root row; `null` for a root row. */
  readonly step: ListStep | null;
  /** Of a row that was rejected before. */
  readonly origin: RowOrigin | null;
}

/** A list in a row that was added, and how many of its elements were. An empty list leaves no trace. */
interface OpenList {
  readonly field: PlanField;
  readonly elements: readonly JsonValue[];
  readonly above: Pick<RowPlace, "parentRow" | "inherited" | "step"> & { readonly parent: RowTable };
  next: number;
}

/** What of a row its contract does not allow. */
type RowRefusal = Omit<Violation, "table" | "row">;

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
    plan.hasSeenRow = true;
    const given = { item, level: plan.node.rowLevel, rootRow };
    const open: OpenList[] = [];
    this.addRow(plan, plan.node, item instanceof Map ? item : new Map([["value", item]]), rootPlace(plan), given, open);
    this.addOpenLists(plan, open, rootRow);
  }

  /** Adds a row that was rejected before, with the rows below it, where it would have been. */
  addReplayedRow(plan: RootPlan, item: JsonValue, origin: RowOrigin, rootRow: number): void {
    plan.hasSeenRow = true;
    const place = { ...rootPlace(plan), inherited: origin.nested?.inherited ?? noValues, origin };
    const open: OpenList[] = [];
    if (plan.elements === null) {
      const given = { item, level: plan.node.rowLevel, rootRow };
      this.addRow(plan, plan.node, item instanceof Map ? item : new Map([["value", item]]), place, given, open);
    } else this.addElement(plan, plan.elements, { element: item, place, rootRow }, open);
    this.addOpenLists(plan, open, rootRow);
  }

  /** Takes back what a row of a chunk added, and notes it as rejected for an error. */
  rejectRow(
    plan: RootPlan,
    row: { readonly item: JsonValue; readonly rootRow: number; readonly origin: RowOrigin | null },
    rejection: Rejection,
  ): void {
    const { item, rootRow } = row;
    const origin = row.origin ?? { rowNumber: this.state.rowNumber, path: "$", nested: null };
    for (const table of plan.tables) table.rollBack(rootRow);
    this.state.rejects?.rollBack(rootRow);
    this.state.rejects?.add({ rootRow, table: plan.root.name, json: formatRow(item), origin }, rejection);
  }

  /** Adds the elements of lists, the innermost list being the last one in `open`: depth does not use up the stack. */
  private addOpenLists(plan: RootPlan, open: OpenList[], rootRow: number): void {
    for (let list = open.at(-1); list !== undefined; list = open.at(-1)) {
      if (list.next === list.elements.length) {
        open.pop();
        continue;
      }
      const { field, elements, above } = list;
      const index = list.next++;
      const planned = plan.listAt(field, this.state);
      const place: RowPlace = {
        table: planned.table,
        listIndex: index,
        ...above,
        step: { list: field, index, before: above.step },
        origin: null,
      };
      this.addElement(plan, planned, { element: elements[index] as JsonValue, place, rootRow }, open);
    }
  }

  /** Adds one row; the lists in it are left in `open`, the first of them last. */
  private addRow(
    plan: RootPlan,
    node: PlanNode,
    item: ReadonlyMap<string, JsonValue>,
    place: RowPlace,
    given: GivenRow,
    open: OpenList[],
  ): void {
    const { table, step, origin } = place;
    const flat = this.flatten(plan, node, item);
    for (const [column, value] of place.inherited) flat.values.set(column, value);
    for (const [column, value] of origin?.nested?.columns ?? noValues) flat.values.set(column, value);
    const givenId = this.linkColumns(table, flat, item, place);
    const inherited = this.inherit(place, flat);
    const row = this.writeRow(plan, flat, place, given, givenId);
    if (row < 0) return;
    const above = { parent: table, parentRow: row, inherited, step };
    for (let i = flat.lists.length - 1; i >= 0; i--) {
      const [field, elements] = flat.lists[i] as FlatRow["lists"][number];
      open.push({ field, elements, above, next: 0 });
    }
  }

  private addElement(
    plan: RootPlan,
    list: PlanList,
    { element, place, rootRow }: { readonly element: JsonValue; readonly place: RowPlace; readonly rootRow: number },
    open: OpenList[],
  ): void {
    const given = { item: element, level: list.objects.rowLevel, rootRow };
    if (element instanceof Map) this.addRow(plan, list.objects, element, place, given, open);
    else if (Array.isArray(element)) this.addRow(plan, list.lists, new Map([["list", element]]), place, given, open);
    else this.addRow(plan, list.objects, new Map([["value", element]]), place, given, open);
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
    const isElement = this.state.isNested(table);
    const nested = isElement && place.parentRow >= 0;
    // An element whose row was loaded before brings what links it.
    if (!nested && !(isElement && table.hangsElsewhere)) values.set(system.loadId, linked);
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
  private writeRow(plan: RootPlan, flat: FlatRow, place: RowPlace, given: GivenRow, givenId: string | null): number {
    const { state } = this;
    const { table } = place;
    if (table.refused) return this.reject(place, given, { entity: "tables" });
    const keep = state.rowFilter(table.name);
    const columns = new RowColumns(state, table);
    let kept = 0;
    for (const [name, value] of flat.values) {
      if (keep !== null && !keep(name)) continue;
      kept += 1;
      const filter = state.columnFilter(table.name, name);
      if (filter === "discard_value") continue;
      if (filter === "discard_row" && value !== null) {
        const dataType = value === linked ? null : dataTypeOf(decodeTyped(value));
        return this.reject(place, given, { entity: "columns", column: { name, dataType } });
      }
      if (value === linked || (name === state.schema.system.id && givenId !== null)) columns.placeLink(name);
      else if (value === null) columns.placeNull(name, flat.keys.get(name));
      else {
        const isNested = flat.keys.get(name)?.staysJson === true && (value instanceof Map || Array.isArray(value));
        columns.placeValue(name, { value: decodeTyped(value), isNested });
      }
    }
    if (keep !== null && kept === 0) return -1;
    let discarded: ReadonlySet<string> | null = null;
    if (columns.added.size > 0) {
      const outcome = this.extend(plan, place, columns.added);
      if ("entity" in outcome) return this.reject(place, given, outcome);
      discarded = outcome;
    }
    const row =
      place.parent === null
        ? table.addRow(-1, 0, given.rootRow)
        : table.addRowBelow(place.parent, place.parentRow, place.listIndex, given.rootRow);
    if (givenId !== null) table.givenIds.set(row, givenId);
    for (const { column, value } of columns.placed) {
      if (discarded?.has(column)) continue;
      const builder = this.builderOf(table, column);
      const at = { table: table.name, rowNumber: state.rowNumber };
      if (state.isTooWide(table.name, builder, value)) throw outOfRange(builder, at);
      setValue(table.builderFor(builder, value), row, value, at);
    }
    for (const name of state.requiredColumns(table.name))
      if (table.columns.get(name)?.has(row) !== true) columns.placeNull(name, undefined);
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

  /** Adds columns to a table, as far as the contract allows. Gives the columns that the row must lose, or why it is refused. */
  private extend(
    plan: RootPlan,
    place: RowPlace,
    added: ReadonlyMap<string, AddedColumn>,
  ): ReadonlySet<string> | RowRefusal {
    const { state } = this;
    const { table } = place;
    const parent = parentName(place);
    const existing = state.schema.tables.get(table.name);
    const base = existing ?? (parent === undefined ? newRootTable(table.name) : newNestedTable(table.name, parent));
    const columns = new Map([...added].map(([name, { column }]) => [name, column]));
    const partial: PartialTable = { ...base, columns };
    const contract = resolveContract(state.schema, table.name, parent);
    const { partial: allowed, filters } = evaluateContract(state.schema, contract, partial, { row: state.rowNumber });
    if (allowed === null) {
      table.refused = true;
      return { entity: "tables" };
    }
    const isThere = (column: string): boolean => isComplete(existing?.columns.get(column));
    if (allowed.columns.size > 0 || existing === undefined) {
      state.extendSchema(allowed);
      for (const { name } of allowed.columns.values()) this.noteOrigin(table.name, added.get(name));
      for (const column of allowed.columns.values())
        if (isThere(column.name)) table.retype(builderFor(column, state.run));
      plan.bind(table, allowed.columns.keys(), state);
    }
    // A column that may not become wider still takes the values that it holds.
    state.addFilters(
      table.name,
      filters.filter(({ name }) => !isThere(name)),
    );
    const lost = new Set<string>();
    for (const { name, mode, rule } of filters) {
      const change = added.get(name);
      if (mode === "discard_row") {
        const column = change === undefined ? {} : { column: change.column };
        const base = change?.decision?.kind === "variant" ? existing?.columns.get(change.decision.of) : undefined;
        return { entity: rule, ...column, before: existing?.columns.get(name), base };
      }
      lost.add(name);
    }
    return lost;
  }

  private noteOrigin(table: string, added: AddedColumn | undefined): void {
    const { state } = this;
    if (added === undefined || added.decision === null) return;
    const { column, decision } = added;
    const dataType = column.dataType as DataType;
    state.origins.push({ table, column: column.name, dataType, decision, row: state.rowNumber });
  }

  /** Notes a row that the contract discards, where such rows are kept. Gives -1. */
  private reject(place: RowPlace, { item, level, rootRow }: GivenRow, refusal: RowRefusal): -1 {
    const { state } = this;
    const { table, parent, step, origin } = place;
    if (state.rejects === null) return -1;
    const contract = resolveContract(state.schema, table.name, parentName(place));
    const rejection = contractRejection(state.schema, contract, { table: table.name, ...refusal });
    if (parent === null) {
      const ofRow = origin ?? { rowNumber: state.rowNumber, path: "$", nested: null };
      state.rejects.add({ rootRow, table: table.name, json: formatRow(item), origin: ofRow }, rejection);
      return -1;
    }
    const inherited = new Map(
      [...place.inherited].filter((entry): entry is [string, JsonValue] => entry[1] !== linked),
    );
    const hanging = { table, parent, parentRow: place.parentRow, listIndex: place.listIndex, level, inherited };
    const path = rowPath(state.rowPath, step);
    const row = { rootRow, json: formatRow(item), rowNumber: state.rowNumber, path, place: hanging };
    state.rejects.addHanging(row, rejection);
    return -1;
  }
}

const noValues: ReadonlyMap<string, JsonValue> = new Map();

function rootPlace(plan: RootPlan): RowPlace {
  return { table: plan.root, parent: null, parentRow: -1, listIndex: 0, inherited: noValues, step: null, origin: null };
}

/** The table that a row hangs below, also when the row above was loaded before; undefined for a root row. */
function parentName({ parent, origin }: RowPlace): string | undefined {
  return parent?.name ?? origin?.nested?.place.parent;
}
