import type { JsonValueDocument } from "../package/manifest.js";

/** What is declared of tables and is in no package yet, because the rows that it came with are not. */
export class OpenUpdates {
  readonly #updates = new Set<readonly JsonValueDocument[]>();
  readonly #byTable = new Map<unknown, Set<JsonValueDocument>>();

  /** In the order in which it was declared. */
  get all(): readonly JsonValueDocument[] {
    return [...this.#updates].flat();
  }

  /** What is declared of one table, whichever rows it came with. */
  of(table: string): readonly JsonValueDocument[] {
    return [...(this.#byTable.get(table) ?? [])];
  }

  add(update: readonly JsonValueDocument[]): void {
    if (update.length === 0) return;
    this.#updates.add(update);
    for (const document of update) {
      const ofTable = this.#byTable.get(document["name"]) ?? new Set();
      this.#byTable.set(document["name"], ofTable.add(document));
    }
  }

  delete(update: readonly JsonValueDocument[]): void {
    if (!this.#updates.delete(update)) return;
    for (const document of update) this.#byTable.get(document["name"])?.delete(document);
  }
}
