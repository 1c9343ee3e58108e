import { BitBuilder, BytesBuilder, Float64Builder, Int64Builder } from "../columns/column-builder.js";
import type { NamingConvention } from "../contract/naming.js";
import type { NestedPlace } from "../contract/normalizer.js";
import type { Schema, TableSchema } from "../contract/schema.js";
import { isComplete, normalizerHints } from "../schema/predicates.js";
import { builderFor, kindOf } from "./column-values.js";
import { fieldKind, type PlanField, PlanList, PlanNode } from "./plan.js";
import { RowTable } from "./row-table.js";
import type { NormalizeState } from "./state.js";
import { isNarrow } from "./wider-column.js";

/**
 * Nesting of root rows when nothing says otherwise, and the most there is: deeper values stay documents, however large a limit was
 * set. Each level may be a table or a part of a column's name, and no destination holds more of them.
 */
const mostNesting = 1000;

/** The plan of one root table: its rows, the tables nested below it, and where each key leads. */
export class RootPlan {
  readonly root: RowTable;
  readonly node: PlanNode;
  /** In the order they were met. */
  readonly tables: RowTable[] = [];
  /** A row went by the general rules, so that the root table has the columns that every row has. */
  hasSeenRow = false;
  /** The rows are elements of a list whose row was loaded before: how each kind of them is read. */
  readonly elements: PlanList | null;
  private readonly byName = new Map<string, RowTable>();
  /** For keys of rows. */
  private readonly naming: NamingConvention;

  /** `nested`: place of a table whose rows are read without those above them. */
  constructor(name: string, state: NormalizeState, nested: NestedPlace | null = null) {
    const { schema } = state;
    this.naming = keyNaming(schema);
    this.root = this.addTable(new RowTable(name, nested?.tablePath ?? [name], nested !== null));
    this.elements = nested === null ? null : new PlanList(this.root, nested.level, this.naming);
    this.node =
      this.elements?.objects ?? new PlanNode(this.root, { level: rootLevel(schema, schema.tables.get(name)) });
    this.bind(this.root, this.root.fields.keys(), state);
  }

  /** The field of a key of `node`, bound to its column. */
  field(node: PlanNode, key: string, state: NormalizeState): PlanField {
    const known = node.known(key);
    if (known !== undefined) return known;
    const field = node.field(key, this.naming);
    bindField(field, state);
    // The first key that shares its column takes the plan from the one before, too.
    const [first, second] = node.table.fields.get(field.column) ?? [];
    if (first !== undefined && second === field) bindField(first, state);
    return field;
  }

  /** Where objects at a field lead. */
  objectAt(field: PlanField): PlanNode {
    const { node } = field;
    field.object ??= new PlanNode(node.table, {
      path: [...node.path, field.part],
      level: node.level - 1,
      rowLevel: node.rowLevel,
      via: field,
    });
    return field.object;
  }

  /** Normalized keys from the row to the lists at a field. */
  listPath(field: PlanField): readonly string[] {
    field.listPath ??= [
      ...field.node.path,
      (field.key.trim() === "" ? "" : this.naming.normalizeTablesPath(field.key)) || "_empty",
    ];
    return field.listPath;
  }

  /** Where lists at a field lead. */
  listAt(field: PlanField, state: NormalizeState): PlanList {
    if (field.list !== null) return field.list;
    const { node } = field;
    const path = [...node.table.path, ...this.listPath(field)];
    const name = this.naming.shortenFragments(...path);
    const table = this.byName.get(name) ?? this.addTable(new RowTable(name, path));
    if (!table.parents.includes(node.table)) table.parents.push(node.table);
    const list = new PlanList(table, node.rowLevel - 1, this.naming);
    this.bind(table, [list.scalars.column], state);
    if (table.list === null) table.list = list;
    else {
      table.list.shared = true;
      list.shared = true;
    }
    field.list = list;
    return list;
  }

  /** All tables, parents before children. */
  parentsFirst(): readonly RowTable[] {
    const ordered = new Set<RowTable>();
    const met = new Set<RowTable>();
    for (const first of this.tables) {
      const waiting = [first];
      for (let table = waiting.at(-1); table !== undefined; table = waiting.at(-1)) {
        const above = met.has(table) ? undefined : table.parents.filter((parent) => !met.has(parent));
        met.add(table);
        if (above !== undefined && above.length > 0) waiting.push(...above.reverse());
        else ordered.add(waiting.pop() as RowTable);
      }
    }
    return [...ordered];
  }

  /** Binds the fields of columns that were added or completed. */
  bind(table: RowTable, columns: Iterable<string>, state: NormalizeState): void {
    for (const column of columns) for (const field of table.fields.get(column) ?? []) bindField(field, state);
  }

  /** True when rows need what the scanner cannot do: row filters, ids made from content, values handed down to nested rows. */
  needsGeneralRules(state: NormalizeState): boolean {
    if (state.hasRowFilters()) return true;
    return this.tables.some((table) => {
      if (state.contentIdKind(table) !== null) return true;
      return state.propagated(table).some(([from]) => from !== state.schema.system.id);
    });
  }

  reset(): void {
    for (const table of this.tables) table.reset();
  }

  private addTable(table: RowTable): RowTable {
    this.byName.set(table.name, table);
    this.tables.push(table);
    return table;
  }
}

/** Nesting that the rows of a root table start with. */
function rootLevel(schema: Schema, table: TableSchema | undefined): number {
  const own = table === undefined ? undefined : normalizerHints(table)["max_nesting"];
  const level = typeof own === "number" ? own : (schema.normalizers.json.config?.maxNesting ?? mostNesting);
  return Math.min(level, mostNesting);
}

/** Decides what the scanner does with the values of a field. */
function bindField(field: PlanField, { schema, settings, run }: NormalizeState): void {
  const { table, level } = field.node;
  const column = schema.tables.get(table.name)?.columns.get(field.column);
  field.text = field.integer = field.double = field.bool = field.builder = null;
  field.kind = fieldKind.absent;
  field.notNull = isComplete(column) ? column.nullable === false : settings.isNotNull(field.column);
  const isJson = isComplete(column) ? column.dataType === "json" : settings.preferredType(field.column) === "json";
  field.staysJson = level <= 0 || isJson;
  if (field.shared || isSystemColumn(schema, field.column)) {
    field.kind = fieldKind.general;
    return;
  }
  if (!isComplete(column)) return;
  const builder = table.columns.get(field.column) ?? builderFor(column, run);
  table.columns.set(field.column, builder);
  field.builder = builder;
  // Values that a column may be too narrow for are looked at one by one, where something is to be done about it.
  const looksAtValues = run.widensColumns === true || run.rejects === "failing";
  field.kind = looksAtValues && isNarrow(column) ? fieldKind.converted : kindOf(column);
  // One of these by kind; the others stay null, which is what the scanner tests.
  if (field.kind === fieldKind.text && builder instanceof BytesBuilder) field.text = builder;
  else if (builder instanceof Int64Builder && field.kind !== fieldKind.converted) field.integer = builder;
  else if (builder instanceof Float64Builder) field.double = builder;
  else if (builder instanceof BitBuilder) field.bool = builder;
}

function isSystemColumn({ system }: Schema, column: string): boolean {
  return (
    column === system.id ||
    column === system.loadId ||
    column === system.parentId ||
    column === system.listIdx ||
    column === system.rootId
  );
}

/** The naming convention for keys: a schema can say that they are names, not paths to take apart at the separator. */
function keyNaming({ naming, normalizers }: Schema): NamingConvention {
  if (normalizers.useBreakPathOnNormalize !== false) return naming;
  const { normalizeIdentifier, normalizeTableIdentifier } = naming;
  return { ...naming, normalizePath: normalizeIdentifier, normalizeTablesPath: normalizeTableIdentifier };
}
