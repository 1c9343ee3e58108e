import type {
  ColumnOrigin,
  NamingConventions,
  NormalizeRun,
  PartialTable,
  RecordedOrigin,
  Schema,
  SchemaText,
} from "@dlt/core";
import { applyUpdate, formatSchema, parseSchema, parseTable, updateTable } from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";

/** Tables that were merged into a schema at a time: declared by hints, or found in data. */
export interface SchemaChange {
  readonly kind: "hints" | "data";
  readonly tables: readonly PartialTable[];
}

/**
 * The schema of a package while it is normalized. Every change makes a new version; for each table it is known in which version
 * it last changed, so that a result made against an older version can be told to hold or not.
 */
export class SchemaOwner {
  schema: Schema;
  version = 0;
  private readonly changedIn = new Map<string, number>();
  private readonly added = new Map<string, PartialTable>();
  /** What decided the types of columns, in order. */
  readonly origins: Omit<RecordedOrigin, "loadId">[] = [];
  /** What was merged, in order. */
  readonly changes: SchemaChange[] = [];
  private text: { readonly version: number; readonly text: SchemaText } | null = null;

  /** `conventions`: naming conventions beside those of the library. */
  constructor(
    schema: SchemaText,
    { maxIdentifierLength, mergeStrategies }: Pick<NormalizeRun, "maxIdentifierLength" | "mergeStrategies">,
    conventions: NamingConventions | undefined,
  ) {
    this.schema = parseSchema(schema, {
      maxIdentifierLength,
      mergeStrategies,
      ...(conventions && { conventions }),
    });
  }

  /** Merges hints of resources: stored documents of partial tables. Keys that are declared anew replace the old ones. */
  mergeHints(documents: readonly JsonValueDocument[]): void {
    this.mergeDeclared(documents.map((document) => parseTable(JSON.stringify(document))));
  }

  private mergeDeclared(tables: readonly PartialTable[]): void {
    for (const table of tables) this.noteDeclared(table);
    this.merge({ kind: "hints", tables }, (schema, table) =>
      updateTable(schema, table, { normalizeIdentifiers: false, mergeCompound: false }),
    );
  }

  /** Merges what another owner merged. Which data decided its columns is the caller's to note. */
  repeat({ kind, tables }: SchemaChange): void {
    if (kind === "hints") this.mergeDeclared(tables);
    else this.mergeData(tables);
  }

  /** Merges what data of a resource added. */
  mergeData(tables: readonly PartialTable[], origins: readonly ColumnOrigin[] = [], resource = ""): void {
    this.merge({ kind: "data", tables }, (schema, table) => applyUpdate(schema, [table]));
    for (const table of tables) this.note(table);
    this.origins.push(...origins.map((origin) => ({ ...origin, resource })));
  }

  /** True for a table that data made, or added columns to. `document`: a stored document of the table. */
  isMadeByData(document: JsonValueDocument): boolean {
    return this.added.has(String(document["name"]));
  }

  /** True when none of the tables changed after `version`. */
  unchangedSince(version: number, tables: readonly string[]): boolean {
    return tables.every((table) => (this.changedIn.get(table) ?? 0) <= version);
  }

  /** The schema as text. */
  schemaText(): SchemaText {
    if (this.text?.version !== this.version) this.text = { version: this.version, text: formatSchema(this.schema) };
    return this.text.text;
  }

  /** Everything that data added, a table each. */
  update(): readonly PartialTable[] {
    return [...this.added.values()];
  }

  private merge(change: SchemaChange, add: (schema: Schema, table: PartialTable) => Schema): void {
    const { tables } = change;
    if (tables.length === 0) return;
    this.changes.push(change);
    this.schema = tables.reduce(add, this.schema);
    this.version += 1;
    for (const { name } of tables) this.changedIn.set(name, this.version);
  }

  private noteDeclared(table: PartialTable): void {
    const before = this.schema.tables.get(table.name);
    for (const { name: column, dataType } of table.columns.values()) {
      if (!dataType || before?.columns.get(column)?.dataType === dataType) continue;
      const { name, resource } = table;
      this.origins.push({
        table: name,
        column,
        dataType,
        decision: { kind: "declared" },
        row: null,
        resource: resource ?? before?.resource ?? "",
      });
    }
  }

  private note(table: PartialTable): void {
    const known = this.added.get(table.name);
    this.added.set(
      table.name,
      known === undefined ? table : { ...known, columns: new Map([...known.columns, ...table.columns]) },
    );
  }
}
