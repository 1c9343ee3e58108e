import type { JsonText, TableBatch } from "../contract/batch.js";
import type { ChunkResult, ColumnKey, Normalizer, NormalizeRun, NormalizerSession, RawChunk } from "../contract/normalizer.js";
import type { ColumnSchema, PartialTable, SchemaText } from "../contract/schema.js";
import { SchemaError } from "../errors/index.js";
import { decodeJsonAt } from "../json/decode.js";
import type { JsonValue } from "../json/value.js";
import { decodeTyped } from "../json/typed-values.js";
import { parseSchema } from "../schema/parse-schema.js";
import { isComplete } from "../schema/predicates.js";
import { normalizeColumns } from "./columnar.js";
import { setValue } from "./column-values.js";
import type { PlanField } from "./plan.js";
import { dataTypeOf } from "../values/data-type.js";
import { RelationalRules } from "./relational-rules.js";
import { RootPlan } from "./root-plan.js";
import { RowLinks } from "./row-ids.js";
import { misfit, RowScanner } from "./row-scanner.js";
import type { RowTable } from "./row-table.js";
import { NormalizeState } from "./state.js";
import { valueEnd } from "./value-end.js";

const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The relational normalizer: nested objects become columns, lists become tables. */
export const relationalNormalizer: Normalizer = {
  open: (schema: SchemaText, run: NormalizeRun) => new RelationalSession(schema, run),
};

/**
 * Rows take one of two ways. The scanner reads a row's text straight into columns as long as it has the shape of rows before it;
 * any other row is decoded and goes through the general rules, which extend schema and plan. Both give the same rows.
 */
class RelationalSession implements NormalizerSession {
  private readonly state: NormalizeState;
  private readonly rules: RelationalRules;
  private readonly scanner: RowScanner;
  private readonly plans = new Map<string, RootPlan>();
  private text: Uint8Array = new Uint8Array(0);

  constructor(schema: SchemaText, run: NormalizeRun) {
    const { maxIdentifierLength, mergeStrategies } = run;
    this.state = new NormalizeState(parseSchema(schema, { maxIdentifierLength, mergeStrategies }), run);
    this.rules = new RelationalRules(this.state);
    this.scanner = new RowScanner((field, row, from) => this.convertField(field, row, from));
  }

  normalize(chunk: RawChunk): ChunkResult {
    this.state.startChunk(chunk.numbers);
    if ("columns" in chunk.data) return normalizeColumns(this.state, chunk, chunk.data);
    const plan = this.planOf(chunk.table);
    plan.reset();
    this.readRows(plan, chunk, chunk.data);
    return this.result(plan, chunk);
  }

  columns(table: string): Iterable<ColumnSchema> {
    return this.state.schema.tables.get(table)?.columns.values() ?? [];
  }

  declareRow(table: string): readonly PartialTable[] {
    this.state.startChunk("text");
    const plan = this.planOf(table);
    this.rules.addRootRow(plan, new Map(), 0);
    plan.reset();
    return this.state.update;
  }

  private planOf(table: string): RootPlan {
    let plan = this.plans.get(table);
    if (plan === undefined) {
      plan = new RootPlan(table, this.state);
      this.plans.set(table, plan);
    }
    return plan;
  }

  private readRows(plan: RootPlan, chunk: RawChunk, { jsonText, framing }: JsonText): void {
    const { scanner, state } = this;
    this.text = jsonText;
    scanner.open(jsonText);
    const general = plan.needsGeneralRules(state);
    let at = scanner.skipSpace(0);
    if (framing === "array") at = this.skipByte(openBracket, at, chunk);
    for (let rootRow = 0; at < jsonText.length; rootRow++) {
      state.rowNumber = chunk.firstRow + rootRow;
      if (framing === "array") {
        if (jsonText[at] === closeBracket) return;
        if (rootRow > 0) at = this.skipByte(comma, at, chunk);
      }
      let next = general || !plan.hasSeenRow ? misfit : scanner.scanRoot(plan.node, at, rootRow);
      if (next === misfit) {
        for (const table of plan.tables) table.rollBack(rootRow);
        next = valueEnd(jsonText, at);
        this.rules.addRootRow(plan, this.decodeRow(at, next, chunk.table), rootRow);
        if (state.becameDouble.length > 0) return;
      }
      at = scanner.skipSpace(next);
    }
  }

  private decodeRow(from: number, to: number, table: string): JsonValue {
    try {
      return decodeJsonAt(this.text, from, to);
    } catch (error) {
      const { rowNumber } = this.state;
      throw new SchemaError("ROW_TEXT_INVALID", `Row ${rowNumber} for table \`${table}\` is not valid JSON.`, {
        cause: error,
        hint: "Mend the source, or leave the row out before it is yielded. Nothing of this package was committed.",
        context: { table, row: rowNumber },
      });
    }
  }

  private skipByte(byte: number, at: number, { table }: RawChunk): number {
    if (this.text[at] === byte) return this.scanner.skipSpace(at + 1);
    const { rowNumber } = this.state;
    throw new SchemaError("ROW_TEXT_INVALID", `The rows for table \`${table}\` are not one JSON array: \`${String.fromCharCode(byte)}\` is missing at row ${rowNumber}.`, {
      hint: "Mend the source, or yield the rows one by one. Nothing of this package was committed.",
      context: { table, row: rowNumber },
    });
  }

  /** Decodes one value and converts it for the column of its field: what the scanner asks for where types differ. */
  private convertField(field: PlanField, row: number, from: number): number {
    const { builder, node } = field;
    if (builder === null) return misfit;
    const end = valueEnd(this.text, from);
    const value = decodeTyped(this.decodeRow(from, end, node.table.name));
    const type = dataTypeOf(value);
    const converted = type === null ? null : this.state.convert(value, type, builder.type.dataType);
    if (converted?.outcome !== "value") return misfit;
    setValue(builder, row, converted.value, { table: node.table.name, rowNumber: this.state.rowNumber });
    return end;
  }

  private result(plan: RootPlan, chunk: RawChunk): ChunkResult {
    const { state } = this;
    const links = new RowLinks({
      names: state.schema.system,
      loadId: state.run.loadId,
      idSeed: state.run.idSeed,
      chunkIndex: chunk.index,
      isNested: (table) => state.isNested(table),
      ancestorColumns: (table) => this.ancestorColumns(table),
    });
    const batches: TableBatch[] = [];
    const rowCounts: Record<string, number> = {};
    const touched = new Set(state.update.map(({ name }) => name));
    const nullOnly: ColumnKey[] = [];
    for (const table of plan.parentsFirst()) {
      for (const fields of table.fields.values()) {
        for (const field of fields) {
          if (!field.nullSeen) continue;
          field.nullSeen = false;
          nullOnly.push([table.name, field.column]);
        }
      }
      if (table.rowCount === 0) continue;
      touched.add(table.name);
      rowCounts[table.name] = table.rowCount;
      batches.push({ table: table.name, batch: { rowCount: table.rowCount, columns: this.batchColumns(table, links) } });
    }
    const { update, newIntegers: integers, becameDouble } = state;
    return { batches, update, touched: [...touched], nullOnly, integers, becameDouble, rowCounts };
  }

  private batchColumns(table: RowTable, links: RowLinks) {
    const columns = [];
    for (const builder of table.columns.values()) if (builder.filled > 0) columns.push(builder.finish(table.rowCount));
    for (const column of links.columns(table)) {
      if (isComplete(this.state.columnOf(table.name, column.name))) columns.push(column);
    }
    return columns;
  }

  /** Columns of a table that repeat the id of a row above, each with the tables that hand it down. */
  private ancestorColumns(table: RowTable): ReadonlyMap<string, ReadonlySet<RowTable>> {
    const columns = new Map<string, Set<RowTable>>();
    const waiting = [...table.parents];
    const seen = new Set<RowTable>();
    for (let above = waiting.pop(); above !== undefined; above = waiting.pop()) {
      if (seen.has(above)) continue;
      seen.add(above);
      waiting.push(...above.parents);
      for (const [from, to] of this.state.propagated(above)) {
        if (from !== this.state.schema.system.id) continue;
        const ancestors = columns.get(to) ?? new Set();
        columns.set(to, ancestors.add(above));
      }
    }
    return columns;
  }
}
