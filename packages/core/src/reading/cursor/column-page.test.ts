import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boolColumn,
  dateColumn,
  decimalColumn,
  dictionaryColumn,
  doubleColumn,
  int64Column,
  textColumn,
} from "../../../test/batches.js";
import { resourceDefinition } from "../../authoring/brand.js";
import { incremental } from "../../authoring/incremental.js";
import { resource } from "../../authoring/resource.js";
import { cursorOf } from "../../authoring/steps.js";
import type { Column, ColumnBatch } from "../../contract/batch.js";
import type { IncrementalOptions } from "../../contract/incremental.js";
import { isDltError } from "../../errors/index.js";
import { CalendarDate } from "../../values/calendar-date.js";
import { Decimal } from "../../values/decimal.js";
import { Float } from "../../values/float.js";
import { Timestamp } from "../../values/timestamp.js";
import { rowsOfBatch } from "../rows-of-batch.js";
import { viewOf } from "../rows-view.js";
import { type CursorReader, openCursor } from "./cursor-reader.js";

/** Columns by their values, and bounds that go with them. */
interface Kind {
  column(values: readonly (number | null)[]): Column;
  bound(value: number): unknown;
}

const micros = (values: readonly (number | null)[]): (bigint | null)[] =>
  values.map((value) => (value === null ? null : BigInt(value) * 2n ** 33n + 1n));
const text = (value: number): string => "é".repeat(Math.abs(value)) + value;

const kinds: Readonly<Record<string, Kind>> = {
  integer: {
    column: (values) => int64Column("at", micros(values), { dataType: "bigint" }),
    bound: (value) => micros([value])[0],
  },
  timestamp: {
    column: (values) => int64Column("at", micros(values), { dataType: "timestamp" }),
    bound: (value) => Timestamp.fromMicros(micros([value])[0] ?? 0n, 0),
  },
  "naive timestamp": {
    column: (values) => int64Column("at", micros(values), { dataType: "timestamp", timezone: false }),
    bound: (value) => Timestamp.fromMicros(micros([value])[0] ?? 0n, null),
  },
  "timestamp with a bound of the other kind": {
    column: (values) => int64Column("at", micros(values), { dataType: "timestamp", timezone: false }),
    bound: (value) => Timestamp.fromMicros(micros([value])[0] ?? 0n, 0),
  },
  double: { column: (values) => doubleColumn("at", values), bound: (value) => new Float(value) },
  "double with plain bounds": { column: (values) => doubleColumn("at", values), bound: (value) => value + 0.5 },
  date: { column: (values) => dateColumn("at", values), bound: (value) => new CalendarDate(value) },
  text: {
    column: (values) =>
      textColumn(
        "at",
        values.map((value) => (value === null ? null : text(value))),
      ),
    bound: text,
  },
  dictionary: {
    column: (values) => {
      const entries = [...new Set(values)];
      const own = entries.map((value) => (value === null ? null : text(value)));
      return dictionaryColumn(
        textColumn("at", own),
        values.map((value) => entries.indexOf(value)),
      );
    },
    bound: text,
  },
  decimal: {
    column: (values) =>
      decimalColumn(
        "at",
        values.map((value) => (value === null ? null : BigInt(value))),
        { scale: 1 },
      ),
    bound: (value) => new Decimal(`${value / 10}`),
  },
  bool: {
    column: (values) =>
      boolColumn(
        "at",
        values.map((value) => (value === null ? null : value > 0)),
      ),
    bound: (value) => value > 0,
  },
  "text with a number as bound": {
    column: (values) =>
      textColumn(
        "at",
        values.map((value) => (value === null ? null : text(value))),
      ),
    bound: (value) => value,
  },
};

function open(
  state: Record<string, unknown>,
  options: IncrementalOptions<unknown>,
  primaryKey: string | readonly string[] | undefined,
): CursorReader {
  const made = resource({ name: "items", incremental: incremental("at", options) }, () => []);
  const cursor = cursorOf(resourceDefinition(made).steps);
  if (cursor === undefined) throw new Error("The resource has no cursor.");
  return openCursor({ cursor, primaryKey, state: () => state, stopsEarly: true });
}

/** What a run over pages comes to: the rows that were kept, flags, state, or the code of an error. */
function outcome(
  pages: readonly ColumnBatch[],
  state: Record<string, unknown>,
  run: { readonly reader: () => CursorReader; keep(reader: CursorReader, page: ColumnBatch): readonly number[] },
): unknown {
  try {
    const reader = run.reader();
    const kept = pages.map((page) => [
      run.keep(reader, page),
      reader.finished,
      { ...reader.window, canClose: reader.window.canClose() },
    ]);
    return {
      kept,
      state: JSON.stringify(state, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)),
    };
  } catch (error) {
    if (isDltError(error)) return { code: error.code };
    throw error;
  }
}

const rethrow = (error: unknown): unknown => error;

describe("rows in columns", () => {
  test.each(Object.entries(kinds))("are kept as rows are: %s", (_, kind) => {
    const value = fc.integer({ min: -3, max: 3 });
    const run = fc.record({
      pages: fc.array(fc.array(fc.option(value, { freq: 6 }), { maxLength: 6 }), { maxLength: 3 }),
      options: fc.record(
        {
          initialValue: value.map((bound) => kind.bound(bound)),
          endValue: value.map((bound) => kind.bound(bound)),
          lastValueFunc: fc.constantFrom("min" as const, "max" as const),
          rangeStart: fc.constantFrom("open" as const, "closed" as const),
          rangeEnd: fc.constantFrom("open" as const, "closed" as const),
          rowOrder: fc.constantFrom("asc" as const, "desc" as const),
          onCursorValueMissing: fc.constantFrom("include" as const, "exclude" as const),
        },
        { requiredKeys: ["onCursorValueMissing"] },
      ),
    });
    const key = fc.constantFrom<string | readonly string[] | undefined>(undefined, "id", ["id", "at"], []);
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 3 }), key, (runs, primaryKey) => {
        const states: [Record<string, unknown>, Record<string, unknown>] = [{}, {}];
        for (const { pages, options } of runs) {
          const { endValue, ...rest } = options;
          const given: IncrementalOptions<unknown> = rest.initialValue === undefined ? rest : { ...rest, endValue };
          let id = 0;
          const batches = pages.map((values) => {
            const ids = int64Column(
              "id",
              values.map(() => BigInt(++id % 3)),
              { dataType: "bigint" },
            );
            return { rowCount: values.length, columns: [ids, kind.column(values)] };
          });
          const byColumns = outcome(batches, states[0], {
            reader: () => open(states[0], given, primaryKey),
            keep: (reader, page) => reader.keepColumns(page, { onError: rethrow }) ?? [],
          });
          const byRows = outcome(batches, states[1], {
            reader: () => open(states[1], given, primaryKey),
            keep: (reader, page) =>
              reader.keep(viewOf(rowsOfBatch(page, { plain: false })), { singly: false, onError: rethrow }),
          });
          expect(byColumns).toEqual(byRows);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("say which row has no value", () => {
    const reader = open({}, {}, undefined);
    const onError = (error: unknown, index: number): unknown => ({ code: (error as { code: string }).code, index });
    expect(() => reader.keepColumns({ rowCount: 3, columns: [dateColumn("at", [1, 2, null])] }, { onError })).toThrow(
      expect.objectContaining({ code: "CURSOR_VALUE_NULL", index: 2 }),
    );
  });

  test("refuse what is not a number", () => {
    const batch = { rowCount: 1, columns: [doubleColumn("at", [Number.NaN])] };
    expect(() => open({}, {}, undefined).keepColumns(batch, { onError: rethrow })).toThrow("no order");
    expect(() => open({}, { initialValue: 1 }, undefined).keepColumns(batch, { onError: rethrow })).toThrow("no order");
  });

  test("are told row by row where the columns are not enough", () => {
    const batch = { rowCount: 1, columns: [dateColumn("other", [1])] };
    expect(open({}, {}, undefined).keepColumns(batch, { onError: rethrow })).toBeNull();
    const ofFunction = open({}, { lastValueFunc: ([value]) => value }, undefined);
    expect(ofFunction.keepColumns({ rowCount: 1, columns: [dateColumn("at", [1])] }, { onError: rethrow })).toBeNull();
  });
});
