import type { PartialTable, Schema, TableHints } from "@dlt/core";
import {
  evaluateContract,
  formatTable,
  hintsToTables,
  isNewTable,
  normalizerHints,
  resolveContract,
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

/** The schema while resources declare their tables. */
export class TableDeclarations {
  #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
  }

  get schema(): Schema {
    return this.#schema;
  }

  /**
   * Holds what hints declare against the contract and merges it into the schema.
   * @throws SchemaContractError where the contract says `freeze`; SchemaError for hints that are not valid
   */
  declare(resource: string, hints: TableHints & { readonly incrementalColumn?: string }): Declaration {
    const update: JsonValueDocument[] = [];
    let root: string | null = null;
    const [rootTable, ...nestedTables] = hintsToTables(hints, { resource, naming: this.#schema.naming });
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
