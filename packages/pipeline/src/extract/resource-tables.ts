import {
  type Hints,
  isStandardSchema,
  type Mark,
  type QueryColumn,
  type Rejection,
  type Resource,
  type TableHints,
} from "@dlt/core";
import {
  cursorOf,
  describedHints,
  type FittedQuery,
  hintsForRow,
  mergeHints,
  parseCursorPath,
  type QueryColumnsOptions,
  resourceDefinition,
  rowDependentHints,
  sameValue,
  variantHints,
} from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";
import type { Declaration, TableDeclarations } from "./table-declarations.js";

/** Where rows go. */
export interface RowTarget {
  /** Normalized name of the root table. */
  readonly table: string;
  /** Why the rows are rejected; `null` for rows of the table. */
  readonly rejection: Rejection | null;
}

/** Rows of a page that go to the same table. */
export interface TableRows extends RowTarget {
  readonly rows: readonly unknown[];
}

/** The tables that a resource writes to. Each is declared when its first row is there. */
export class ResourceTables {
  readonly #resource: string;
  readonly #declarations: TableDeclarations;
  readonly #onDeclared: (declaration: Declaration) => void;
  readonly #incrementalColumn: string | null;
  readonly #variants: Map<string, Hints>;
  readonly #materialized = new Set<string>();
  #hints: Hints;
  /** A schema of the rows says which columns there are. */
  #described: boolean;
  #rowAtWork: number | null = null;
  /** By table name as it was given. */
  readonly #declared = new Map<string, { readonly hints: TableHints; readonly target: RowTarget }>();
  /** What was declared of tables and is not part of a chunk yet. */
  readonly #pending = new Map<string, readonly JsonValueDocument[]>();

  /** `onDeclared` is told of each table before rows go there. */
  constructor(
    resource: Resource,
    declarations: TableDeclarations,
    onDeclared: (declaration: Declaration) => void = () => undefined,
  ) {
    const { name, hints, variants, steps } = resourceDefinition(resource);
    const cursor = cursorOf(steps);
    this.#resource = name;
    this.#declarations = declarations;
    this.#onDeclared = onDeclared;
    this.#incrementalColumn = cursor === undefined ? null : parseCursorPath(cursor.cursorPath).field;
    this.#variants = new Map([...variants].map(([table, variant]) => [table, describedHints(variant)]));
    this.#hints = describedHints(hints ?? { writeDisposition: "append" });
    this.#described = isStandardSchema(hints?.columns);
  }

  /** Tables that are to exist also when they get no rows. */
  get materialized(): ReadonlySet<string> {
    return this.#materialized;
  }

  /** Takes in what rows are marked with, before they are written. */
  apply(mark: Mark): void {
    const { hints, tableName, createTableVariant, materialize } = mark;
    if (hints !== undefined) {
      this.#declared.clear();
      this.#declarations.forget();
      this.#described ||= isStandardSchema(hints.columns);
      if (createTableVariant === true && tableName !== undefined) {
        const before = this.#variants.get(tableName) ?? this.#hints;
        this.#variants.set(tableName, describedHints(variantHints(before, hints)));
      } else this.#hints = describedHints(mergeHints(this.#hints, hints));
    }
    const target = materialize === true && !this.dependOnRow(mark) ? this.targetOf(mark) : null;
    if (target?.rejection === null) this.#materialized.add(target.table);
  }

  /** True when rows have to be looked at one by one to know their tables. */
  dependOnRow(mark: Mark | null): boolean {
    return this.#rowDependent(mark).length > 0;
  }

  /** Where rows go whose hints do not depend on them. */
  targetOf(mark: Mark | null): RowTarget {
    return this.#declare(this.#hintsOf(mark, undefined), false);
  }

  /** Rows by table, in order of appearance. `seen` is each row as functions see it. */
  route(rows: readonly unknown[], seen: readonly unknown[], mark: Mark | null): readonly TableRows[] {
    const more = this.#rowDependent(mark).some((hint) => hint !== "tableName");
    const groups = new Map<string, { readonly target: RowTarget; readonly group: unknown[] }>();
    rows.forEach((row, index) => {
      this.#rowAtWork = index;
      const target = this.#declare(this.#hintsOf(mark, seen[index]), more);
      const known = groups.get(target.table);
      if (known === undefined) groups.set(target.table, { target, group: [row] });
      else known.group.push(row);
    });
    this.#rowAtWork = null;
    return [...groups.values()].map(({ target, group }) => ({ ...target, rows: group }));
  }

  /** Declares what a table that is declared lacks of the columns of a query. */
  fitQuery(table: string, columns: readonly QueryColumn[], options: QueryColumnsOptions): FittedQuery {
    const { update, ...fitted } = this.#declarations.fitQuery(table, columns, options);
    this.#addPending(table, update);
    return fitted;
  }

  /** The row of the page whose hints could not be told; `null`: not for a row. */
  get rowAtWork(): number | null {
    return this.#rowAtWork;
  }

  hasPending(table: string): boolean {
    return this.#pending.has(table);
  }

  /** What is to be merged before the next chunk of a table. */
  takePending(table: string): readonly JsonValueDocument[] {
    const pending = this.#pending.get(table) ?? [];
    this.#pending.delete(table);
    return pending;
  }

  /** What was declared of tables that got no chunk. */
  takeRemaining(): readonly JsonValueDocument[] {
    const remaining = [...this.#pending.values()].flat();
    this.#pending.clear();
    return remaining;
  }

  #base(mark: Mark | null): Hints {
    return (mark?.tableName === undefined ? undefined : this.#variants.get(mark.tableName)) ?? this.#hints;
  }

  #rowDependent(mark: Mark | null): readonly (keyof TableHints)[] {
    const dependent = rowDependentHints(this.#base(mark));
    return mark?.tableName === undefined ? dependent : dependent.filter((hint) => hint !== "tableName");
  }

  #hintsOf(mark: Mark | null, row: unknown): TableHints {
    const base = this.#base(mark);
    return mark?.tableName === undefined
      ? hintsForRow(base, row)
      : hintsForRow({ ...base, tableName: mark.tableName }, row);
  }

  #declare(hints: TableHints, mayDiffer: boolean): RowTarget {
    const name = hints.tableName ?? this.#resource;
    const known = this.#declared.get(name);
    if (known !== undefined && (!mayDiffer || sameValue(known.hints, hints))) return known.target;
    const column = this.#incrementalColumn;
    const declared = { ...hints, ...(column !== null && { incrementalColumn: column }) };
    const declaration = this.#declarations.declare(this.#resource, declared, {
      dependOnRow: mayDiffer,
      describeRows: this.#described,
    });
    this.#onDeclared(declaration);
    const { table, rejection, update } = declaration;
    const target = { table, rejection };
    this.#declared.set(name, { hints, target });
    if (rejection === null) this.#addPending(table, update);
    return target;
  }

  #addPending(table: string, update: readonly JsonValueDocument[]): void {
    if (update.length > 0) this.#pending.set(table, [...(this.#pending.get(table) ?? []), ...update]);
  }
}
