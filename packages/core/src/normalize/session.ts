import type { JsonText, TableBatch } from "../contract/batch.js";
import type { NamingConventions } from "../contract/naming.js";
import type {
  ChunkResult,
  NestedPlace,
  NormalizeRun,
  Normalizer,
  NormalizerSession,
  RawChunk,
  ReplayedRows,
} from "../contract/normalizer.js";
import type { ColumnSchema, PartialTable, SchemaText } from "../contract/schema.js";
import { InternalError, SchemaError } from "../errors/index.js";
import { decodeJsonAt } from "../json/decode.js";
import { decodeTyped } from "../json/typed-values.js";
import type { JsonValue } from "../json/value.js";
import { parseSchema } from "../schema/parse-schema.js";
import { dataTypeOf } from "../values/data-type.js";
import { ChunkOutput } from "./chunk-output.js";
import { setValue } from "./column-values.js";
import { ColumnarRules } from "./columnar/columnar-rules.js";
import { misfit } from "./misfit.js";
import type { PlanField } from "./plan.js";
import { parseReplayedLine, type ReplayedLine } from "./rejects/row-origin.js";
import { rowRejection } from "./rejects/row-rejection.js";
import { RelationalRules } from "./relational-rules.js";
import { RootPlan } from "./root-plan.js";
import { RowScanner } from "./row-scanner.js";
import { NormalizeState } from "./state.js";
import { valueEnd } from "./value-end.js";

/** Root rows after which the size of the batches is looked at again. */
const rowsBetweenChecks = 64;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** The relational normalizer: nested objects become columns, lists become tables. */
export const relationalNormalizer: Normalizer = {
  open: (schema, run, conventions) => new RelationalSession(schema, run, conventions),
};

/**
 * Rows take one of two ways. The scanner reads a row's text straight into columns as long as it has the shape of rows before it;
 * any other row is decoded and goes through the general rules, which extend schema and plan. Both give the same rows.
 */
class RelationalSession implements NormalizerSession {
  private readonly state: NormalizeState;
  private readonly rules: RelationalRules;
  private readonly columnarRules: ColumnarRules;
  private readonly scanner: RowScanner;
  private readonly plans = new Map<string, RootPlan>();
  private text: Uint8Array = new Uint8Array(0);

  constructor(schema: SchemaText, run: NormalizeRun, conventions: NamingConventions | undefined) {
    const { maxIdentifierLength, mergeStrategies } = run;
    const place = { maxIdentifierLength, mergeStrategies, ...(conventions && { conventions }) };
    this.state = new NormalizeState(parseSchema(schema, place), run);
    this.rules = new RelationalRules(this.state);
    this.columnarRules = new ColumnarRules(this.state);
    this.scanner = new RowScanner((field, row, from) => this.convertField(field, row, from));
  }

  normalize(chunk: RawChunk, take: (batch: TableBatch) => void): ChunkResult {
    const { state } = this;
    state.startChunk(chunk.numbers);
    if ("columns" in chunk.data) return this.columnarRules.normalize(chunk, chunk.data, take);
    const plan = this.planOf(chunk.table, chunk.replay?.nested ?? null);
    const output = new ChunkOutput(state, plan, { chunk, take });
    plan.reset();
    try {
      this.readRows(plan, chunk, chunk.data, output);
    } catch (error) {
      // Rows are read on only to find more such columns; what else is wrong with them shows when they are read again.
      if (state.becameDouble.length === 0) throw error;
    }
    if (state.becameDouble.length === 0) output.handOver();
    return output.result();
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

  private planOf(table: string, nested: NestedPlace | null = null): RootPlan {
    const key = nested === null ? table : JSON.stringify([nested.tablePath, nested.level]);
    let plan = this.plans.get(key);
    if (plan === undefined) {
      plan = new RootPlan(table, this.state, nested);
      this.plans.set(key, plan);
    }
    return plan;
  }

  private readRows(plan: RootPlan, chunk: RawChunk, { jsonText, framing }: JsonText, output: ChunkOutput): void {
    const { scanner, state } = this;
    this.text = jsonText;
    scanner.open(jsonText);
    const general = chunk.replay !== undefined || chunk.rejected !== undefined || plan.needsGeneralRules(state);
    let misfits = 0;
    let scanFrom = 0;
    let at = scanner.skipSpace(0);
    if (framing === "array") at = this.skipByte(openBracket, at, chunk);
    for (let rootRow = 0; at < jsonText.length; rootRow++) {
      state.rowNumber = chunk.firstRow + rootRow;
      if (framing === "array") {
        if (jsonText[at] === closeBracket) {
          if (scanner.skipSpace(at + 1) < jsonText.length) throw this.notOneArray("something follows it", chunk);
          return;
        }
        if (rootRow > 0) at = this.skipByte(comma, at, chunk);
      }
      if (rootRow % rowsBetweenChecks === 0) output.handOverIfLarge();
      let next = misfit;
      if (!general && plan.hasSeenRow && rootRow >= scanFrom) {
        next = scanner.scanRoot(plan.node, at, rootRow);
        if (next !== misfit && !this.hasRequired(plan, rootRow)) next = misfit;
        if (next === misfit) {
          for (const table of plan.tables) table.rollBack(rootRow);
          scanFrom = rootRow + rowsUntilScan(++misfits);
        } else misfits = 0;
      }
      if (next === misfit) {
        next = valueEnd(jsonText, at);
        this.addDecoded(plan, chunk, this.decodeRow(at, next, chunk.table), rootRow);
      }
      at = scanner.skipSpace(next);
    }
    if (framing === "array") throw this.notOneArray("`]` is missing", chunk);
  }

  /** False when a row that was scanned lacks a value that every row has to have. */
  private hasRequired({ tables }: RootPlan, rootRow: number): boolean {
    if (this.state.run.rejects !== "failing") return true;
    return tables.every((table) => table.hasValues(rootRow, this.state.requiredColumns(table.name)));
  }

  /** Adds a decoded row as the chunk asks for it. */
  private addDecoded(plan: RootPlan, chunk: RawChunk, value: JsonValue, rootRow: number): void {
    const { rules, state } = this;
    if (chunk.rejected !== undefined) {
      rules.rejectRow(plan, { item: value, rootRow, origin: null }, chunk.rejected);
      return;
    }
    const replayed = chunk.replay === undefined ? null : replayedRow(chunk, chunk.replay, value);
    const item = replayed?.row ?? value;
    if (replayed !== null) {
      state.rowNumber = replayed.origin.rowNumber;
      state.rowPath = replayed.origin.path;
    }
    try {
      if (replayed === null) rules.addRootRow(plan, item, rootRow);
      else rules.addReplayedRow(plan, item, replayed.origin, rootRow);
    } catch (error) {
      const rejection = state.run.rejects === "failing" ? rowRejection(error) : null;
      if (rejection === null) throw error;
      rules.rejectRow(plan, { item, rootRow, origin: replayed?.origin ?? null }, rejection);
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

  private skipByte(byte: number, at: number, chunk: RawChunk): number {
    if (this.text[at] === byte) return this.scanner.skipSpace(at + 1);
    throw this.notOneArray(`\`${String.fromCharCode(byte)}\` is missing`, chunk);
  }

  private notOneArray(problem: string, { table }: RawChunk): SchemaError {
    const { rowNumber } = this.state;
    return new SchemaError(
      "ROW_TEXT_INVALID",
      `The rows for table \`${table}\` are not one JSON array: ${problem} at row ${rowNumber}.`,
      {
        hint: "Mend the source, or yield the rows one by one. Nothing of this package was committed.",
        context: { table, row: rowNumber },
      },
    );
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
    if (this.state.isTooWide(node.table.name, builder, converted.value)) return misfit;
    const target = node.table.builderFor(builder, converted.value);
    try {
      setValue(target, row, converted.value, { table: node.table.name, rowNumber: this.state.rowNumber });
    } catch (error) {
      // The general rules come to the same error and know what to do about the row.
      if (rowRejection(error) !== null) return misfit;
      throw error;
    }
    return end;
  }
}

function replayedRow({ table }: RawChunk, { nested }: ReplayedRows, line: JsonValue): ReplayedLine {
  const replayed = parseReplayedLine(line, nested);
  if (replayed !== null) return replayed;
  throw new InternalError(
    "INTERNAL_STATE_UNEXPECTED",
    `A rejected row of table \`${table}\` does not tell where it came from.`,
    { context: { table } },
  );
}

/**
 * Rows until the scanner is tried again after so many misfits in a row. To take back what a row added costs as much as there are
 * columns, which must not come with every row of a table that grows by a column with every row.
 */
function rowsUntilScan(misfits: number): number {
  return misfits <= 4 ? 1 : 2 ** Math.min(misfits - 4, 7);
}
