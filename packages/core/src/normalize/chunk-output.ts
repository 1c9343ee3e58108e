import type { Column, TableBatch } from "../contract/batch.js";
import type { ChunkResult, ColumnKey, RawChunk } from "../contract/normalizer.js";
import { isComplete } from "../schema/predicates.js";
import { firstPresent } from "./first-present.js";
import type { RootPlan } from "./root-plan.js";
import { RowLinks } from "./row-ids.js";
import type { RowTable } from "./row-table.js";
import type { NormalizeState } from "./state.js";

/** Values that a batch holds at most, missing ones included: 32 MiB of numbers. Text is bounded by that of the chunk. */
const maxCells = 4 << 20;

/** Hands the rows that were read from a chunk on as batches, and sums up what came of the chunk. */
export class ChunkOutput {
  private readonly state: NormalizeState;
  private readonly plan: RootPlan;
  private readonly chunk: RawChunk;
  private readonly take: (batch: TableBatch) => void;
  private readonly touched = new Set<string>();
  private readonly rowCounts = new Map<string, number>();
  private handedOver = 0;

  constructor(
    state: NormalizeState,
    plan: RootPlan,
    { chunk, take }: { readonly chunk: RawChunk; readonly take: (batch: TableBatch) => void },
  ) {
    this.state = state;
    this.plan = plan;
    this.chunk = chunk;
    this.take = take;
  }

  /** Hands over when many columns have made the batches large. Only between root rows. */
  handOverIfLarge(): void {
    let cells = 0;
    // Counted by the schema and not by buffers, which remember earlier chunks: where a batch ends must not depend on those.
    for (const table of this.plan.tables)
      cells += table.rowCount * (this.state.schema.tables.get(table.name)?.columns.size ?? 0);
    if (cells > maxCells) this.handOver();
  }

  /** Hands over all rows read so far. */
  handOver(): void {
    const { state, plan, chunk } = this;
    const links = new RowLinks({
      names: state.schema.system,
      loadId: state.run.loadId,
      idSeed: state.run.idSeed,
      place: this.handedOver === 0 ? `${chunk.index}` : `${chunk.index}.${this.handedOver}`,
      isNested: (table) => state.isNested(table),
      ancestorColumns: (table) => this.ancestorColumns(table),
    });
    this.handedOver += 1;
    for (const table of plan.parentsFirst()) {
      if (table.rowCount === 0) continue;
      this.touched.add(table.name);
      this.give({ table: table.name, batch: { rowCount: table.rowCount, columns: this.columns(table, links) } });
    }
    const rejects = state.rejects?.take(state.schema, links) ?? null;
    if (rejects !== null) this.give(rejects);
    plan.reset();
  }

  result(): ChunkResult {
    const { update, newIntegers: integers, becameDouble, origins } = this.state;
    for (const { name } of update) this.touched.add(name);
    return {
      update,
      touched: [...this.touched],
      nullOnly: this.nullOnly(),
      integers,
      becameDouble,
      origins,
      rowCounts: Object.fromEntries(this.rowCounts),
    };
  }

  private give(batch: TableBatch): void {
    this.rowCounts.set(batch.table, (this.rowCounts.get(batch.table) ?? 0) + batch.batch.rowCount);
    this.take(batch);
  }

  private columns(table: RowTable, links: RowLinks): Column[] {
    const columns = new Map<string, Column>();
    for (const [name, builder] of table.columns)
      if (builder.filled > 0) columns.set(name, builder.finish(table.rowCount));
    for (const column of links.columns(table)) {
      if (!isComplete(this.state.columnOf(table.name, column.name))) continue;
      const own = columns.get(column.name);
      columns.set(column.name, own === undefined ? column : firstPresent(column, own, table.rowCount));
    }
    return [...columns.values()];
  }

  private nullOnly(): ColumnKey[] {
    const keys: ColumnKey[] = [];
    for (const table of this.plan.tables) {
      for (const fields of table.fields.values()) {
        for (const field of fields) {
          if (!field.nullSeen) continue;
          field.nullSeen = false;
          keys.push([table.name, field.column]);
        }
      }
    }
    return keys;
  }

  /** Columns of a table that repeat the id of a row above, each with the tables whose rows have that id. */
  private ancestorColumns(table: RowTable): ReadonlyMap<string, ReadonlySet<RowTable>> {
    const columns = new Map<string, Set<RowTable>>();
    for (const above of ancestorsOf(table)) {
      for (const [from, to] of this.state.propagated(above)) {
        const owners = this.ownersOf(above, from);
        if (owners.length > 0) columns.set(to, new Set([...(columns.get(to) ?? []), ...owners]));
      }
    }
    return columns;
  }

  /** The tables whose ids a column of links holds: that of the rows themselves, of their parents, or of rows further above. */
  private ownersOf(table: RowTable, column: string): readonly RowTable[] {
    const { id, parentId } = this.state.schema.system;
    if (column === id) return [table];
    if (column === parentId) return table.parents;
    return [...(this.ancestorColumns(table).get(column) ?? [])];
  }
}

function ancestorsOf(table: RowTable): ReadonlySet<RowTable> {
  const ancestors = new Set<RowTable>();
  const waiting = [...table.parents];
  for (let above = waiting.pop(); above !== undefined; above = waiting.pop()) {
    if (ancestors.has(above)) continue;
    ancestors.add(above);
    waiting.push(...above.parents);
  }
  return ancestors;
}
