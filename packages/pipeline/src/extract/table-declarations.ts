import type { PartialTable, Schema, TableHints } from "@dlt/core";
import {
  evaluateContract,
  formatTable,
  hintsToTables,
  isNewTable,
  normalizerHints,
  resolveContract,
  sameValue,
  updateTable,
  withTables,
} from "@dlt/core/engine";
import type { JsonValueDocument } from "../package/manifest.js";

/** What declaring a table came to. */
export interface Declaration {
  /** Normalized name of the root table; `null` when its contract refuses it, so that its rows are dropped. */
  readonly table: string | null;
  /** Stored documents of what is new in it and its nested tables. */
  readonly update: readonly JsonValueDocument[];
}

type DeclaredHints = TableHints & { readonly incrementalColumn?: string };

interface Declared {
  readonly resource: string;
  readonly hints: DeclaredHints;
  readonly table: string | null;
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

  /** Lets hints count for tables that were declared already. */
  forget(): void {
    this.#first.clear();
  }

  /**
   * Holds what hints declare against the contract and merges it into the schema. Of several resources that write to a table the
   * first one declares it, unless hints of another depend on the row.
   * @throws SchemaContractError where the contract says `freeze`; SchemaError for hints that are not valid
   */
  declare(resource: string, hints: DeclaredHints, { dependOnRow }: { readonly dependOnRow: boolean }): Declaration {
    const update: JsonValueDocument[] = [];
    let root: string | null = null;
    const [rootTable, ...nestedTables] = hintsToTables(hints, { resource, naming: this.#schema.naming });
    const first = rootTable === undefined ? undefined : this.#first.get(rootTable.name);
    if (rootTable !== undefined && first !== undefined && first.resource !== resource && !dependOnRow) {
      warnOfUnused(rootTable.name, { first, resource, hints });
      return { table: first.table, update };
    }
    for (const table of rootTable === undefined ? [] : [rootTable, ...nestedTables]) {
      const accepted = this.#accepted(table);
      if (table === rootTable) root = accepted?.name ?? null;
      if (root === null) break;
      if (accepted === null) continue;
      // Keys that are declared again replace those of before.
      const schema = updateTable(this.#schema, accepted, { normalizeIdentifiers: false, mergeCompound: false });
      if (schema.tables.get(accepted.name) === this.#schema.tables.get(accepted.name)) continue;
      this.#schema = schema;
      update.push(JSON.parse(formatTable(accepted)) as JsonValueDocument);
    }
    if (rootTable !== undefined && first === undefined)
      this.#first.set(rootTable.name, { resource, hints, table: root });
    return { table: root, update };
  }

  #accepted(declared: PartialTable): PartialTable | null {
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
    return evaluateContract(schema, contract, table as PartialTable).partial;
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
