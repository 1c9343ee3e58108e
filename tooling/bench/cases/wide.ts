import type { BenchCase, Dataset } from "../bench-case.js";
import { type Random, seededRandom } from "../random.js";

type Value = number | string | boolean | null;

/** Whoever changes what is generated changes the seed too: files of generated rows are kept under its name. */
export const wideSeed = 20260402;

const columnCount = 1000;
const kinds = ["count", "price", "title", "status", "flag", "time"] as const;
const titles = ["north", "south", "west", "east", "upper", "lower", "first", "last"] as const;
const statuses = ["open", "closed", "waiting for an answer", "refused"] as const;
const firstMs = Date.UTC(2026, 0, 1);
const yearMs = 365 * 24 * 3600 * 1000;

/** Keys of the same length, whatever their number: so rows with fewer columns have as many bytes per value. */
function columnName(column: number): string {
  return `${kinds[column % kinds.length]}_${String(column).padStart(4, "0")}`;
}

/**
 * Yields flat rows with integers, doubles, texts of which many differ, texts of which few do, booleans and timestamps in turn. Of the
 * values 5 % are null. A fifth of the rows lacks a tenth of the keys, another tenth of the rows has them in an order of its own. The
 * same seed gives the same rows.
 */
export function* wideRows(rowCount: number, columns: number): Generator<Readonly<Record<string, Value>>> {
  const random = seededRandom(wideSeed);
  const names = Array.from({ length: columns }, (_, column) => columnName(column));
  const order = names.map((_, column) => column);
  for (let index = 0; index < rowCount; index++) {
    const lacks = random.chance(0.2) ? 0.1 : 0;
    const row: Record<string, Value> = {};
    for (const column of lacks === 0 && random.chance(0.125) ? shuffled(order, random) : order) {
      if (lacks === 0 || !random.chance(lacks)) row[names[column] as string] = value(column, random);
    }
    yield row;
  }
}

function shuffled(columns: readonly number[], random: Random): readonly number[] {
  const order = [...columns];
  for (let end = order.length - 1; end > 0; end--) {
    const other = random.below(end + 1);
    [order[end], order[other]] = [order[other] as number, order[end] as number];
  }
  return order;
}

function value(column: number, random: Random): Value {
  if (random.chance(0.05)) return null;
  switch (kinds[column % kinds.length]) {
    case "count":
      return random.below(1_000_000);
    case "price":
      return random.below(100_000) + 0.25 + random.below(2) / 2;
    case "title":
      return `${random.pick(titles)} ${random.pick(titles)} ${random.below(100_000)}`;
    case "status":
      return random.pick(statuses);
    case "flag":
      return random.chance(0.5);
    default:
      return `${new Date(firstMs + random.below(yearMs)).toISOString().slice(0, 19)}Z`;
  }
}

function rowsOf(columns: number, rowCount: number): Dataset {
  return {
    name: `wide-${columns}-${rowCount}-${wideSeed}`,
    rowCount,
    rows: () => wideRows(rowCount, columns),
    floor: `
      CREATE SCHEMA bench;
      CREATE TABLE bench.wide AS
      SELECT *, '1767225600.000000' AS _dlt_load_id, left(md5(uuid()::VARCHAR), 14) AS _dlt_id
      FROM read_json(getvariable('input'), format = 'newline_delimited', map_inference_threshold = -1);`,
    tables: { wide: null },
  };
}

/** Flat rows of many columns. */
export const wide: BenchCase = {
  name: "wide",
  rowCount: 4000,
  dataset: (rowCount) => rowsOf(columnCount, rowCount),
  beside: [
    { label: "rows of 100 columns", dataset: (rowCount) => rowsOf(columnCount / 10, rowCount * 10), times: 1 },
    { label: "half as many rows", dataset: (rowCount) => rowsOf(columnCount, Math.ceil(rowCount / 2)), times: 2 },
  ],
};
