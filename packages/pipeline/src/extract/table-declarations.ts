import type { PartialTable, QueryColumn, Rejection, Schema, TableHints } from "@dlt/core";
import {
  contractRejection,
  evaluateContract,
  type FittedQuery,
  fitQuery,
  formatTable,
  hintsToTables,
  isNewTable,
  normalizerHints,
  parseTable,
  type QueryColumnsOptions,
  resolveContract,
  sameValue,
  updateTable,
  withTables,
} from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";

/** What declaring a table came to. */
export interface Declaration {
  /** Normalized name of the root table. */
  readonly table: string;
  /** Those of which its hints tell that their rows come from its rows. */
  readonly nested: readonly string[];
  /** Why its contract refuses the table, so that its rows are rejected; `null` when it does not. */
  readonly rejection: Rejection | null;
  /** Stored documents of what is new in it and its nested tables. */
  readonly update: readonly JsonValueDocument[];
}

type DeclaredHints = TableHints & { readonly incrementalColumn?: string };

interface DeclareOptions {
  /** Hints are functions of the row. */
  readonly dependOnRow: boolean;
  /** The columns are those of a schema of the rows: it says what is known, so that the contract lets them in. */
  readonly describeRows?: boolean;
}

interface Declared {
  readonly resource: string;
  readonly hints: DeclaredHints;
  readonly rejection: Rejection | null;
}

/** The schema while resources declare their tables. */
export class TableDeclarations {
  #schema: Schema;
  /** Who declared a root table first, with which hints, and what it came to. */
  readonly #first = new Map<string, Declared>();

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  get schema(): Schema {
    return this.#schema;
  }

  /** Goes on with another schema, in which these documents of tables are not yet. */
  startFrom(schema: Schema, updates: readonly JsonValueDocument[]): void {
    this.#schema = updates.reduce(
      (merged, document) =>
        updateTable(merged, parseTable(JSON.stringify(document)), {
          normalizeIdentifiers: false,
          mergeCompound: false,
        }),
      schema,
    );
  }

  /** Lets hints count for tables that were declared already. */
  forget(): void {
    this.#first.clear();
  }

  /**
   * Holds what hints declare against the contract and merges it into the schema. Of several resources that write to a table the
   * first one declares it, unless hints of another depend on the row.
   * @throws SchemaContractError where the contract says `freeze`; SchemaError for hints that are not valid
   */
  declare(resource: string, hints: DeclaredHints, { dependOnRow, describeRows = false }: DeclareOptions): Declaration {
    const update: JsonValueDocument[] = [];
    const [root, ...nestedTables] = hintsToTables(hints, { resource, naming: this.#schema.naming });
    const nested = nestedTables.map(({ name }) => name);
    const first = this.#first.get(root.name);
    if (first !== undefined && first.resource !== resource && !dependOnRow) {
      warnOfUnused(root.name, { first, resource, hints });
      return { table: root.name, nested, rejection: first.rejection, update };
    }
    let rejection: Rejection | null = null;
    for (const table of [root, ...nestedTables]) {
      const { accepted, rejection: refused } = this.#accepted(table, { mayGrow: describeRows && table === root });
      if (table === root) rejection = refused;
      if (rejection !== null) break;
      if (accepted === null) continue;
      // Keys that are declared again replace those of before.
      const schema = updateTable(this.#schema, accepted, { normalizeIdentifiers: false, mergeCompound: false });
      if (schema.tables.get(accepted.name) === this.#schema.tables.get(accepted.name)) continue;
      this.#schema = schema;
      update.push(JSON.parse(formatTable(accepted)) as JsonValueDocument);
    }
    if (first === undefined) this.#first.set(root.name, { resource, hints, rejection });
    return { table: root.name, nested, rejection, update };
  }

  /**
   * Holds the columns of a query against a declared table and its contract, and merges what is new into the schema.
   * @throws SchemaError, SchemaContractError as `fitQuery`
   */
  fitQuery(
    table: string,
    columns: readonly QueryColumn[],
    options: QueryColumnsOptions,
  ): FittedQuery & { readonly update: readonly JsonValueDocument[] } {
    const fitted = fitQuery(this.#schema, table, columns, options);
    const { change } = fitted;
    if (change === null) return { ...fitted, update: [] };
    this.#schema = updateTable(this.#schema, change, { normalizeIdentifiers: false, mergeCompound: false });
    return { ...fitted, update: [JSON.parse(formatTable(change)) as JsonValueDocument] };
  }

  #accepted(
    declared: PartialTable,
    { mayGrow }: { readonly mayGrow: boolean },
  ): { readonly accepted: PartialTable | null; readonly rejection: Rejection | null } {
    const schema = this.#schema;
    // A contract that the table brings counts for the table itself.
    const contract = resolveContract(withTables(schema, [declared]), declared.name);
    const growsOnce = isNewTable(schema, declared.name) && contract.modes.columns !== "evolve";
    const hints = { ...normalizerHints(declared), ...(growsOnce && { "evolve-columns-once": true }) };
    // Merging replaces these hints as a whole. `seen-data` comes back with the load files, which makes another schema version.
    const table =
      Object.keys(hints).length === 0
        ? declared
        : { ...declared, "x-normalizer": hints as PartialTable["x-normalizer"] };
    const modes = mayGrow ? { ...contract.modes, columns: "evolve" as const } : contract.modes;
    const { partial } = evaluateContract(schema, { ...contract, modes }, table as PartialTable);
    const violation = { table: table.name, entity: "tables" } as const;
    return { accepted: partial, rejection: partial === null ? contractRejection(schema, contract, violation) : null };
  }
}

function warnOfUnused(
  table: string,
  { first, resource, hints }: { readonly first: Declared; readonly resource: string; readonly hints: DeclaredHints },
): void {
  if (sameValue({ ...first.hints, tableName: table }, { ...hints, tableName: table })) return;
  process.emitWarning(
    `Resources \`${first.resource}\` and \`${resource}\` write to table \`${table}\`. The hints of the first hold for it; those of the second differ and are not used.`,
    { type: "DltWarning", code: "TABLE_HINTS_UNUSED", detail: "Give both the same hints, or tables of their own." },
  );
}
