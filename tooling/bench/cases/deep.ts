import type { BenchCase, Dataset } from "../bench-case.js";
import { type Random, seededRandom } from "../random.js";

/** Whoever changes what is generated changes the seed too: files of generated rows are kept under its name. */
export const deepSeed = 20260403;

const levelCount = 20;
/** Elements of all lists of a document. It is the same for any number of levels. */
const elementCount = 30;
const firstMs = Date.UTC(2026, 0, 1);
const yearMs = 365 * 24 * 3600 * 1000;
const words = ["copper", "paper", "glass", "linen", "stone", "silver", "maple", "clay"] as const;

interface Own {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly note: string | null;
}

interface Further {
  readonly weight: number;
  readonly stored: boolean;
  readonly place: string;
  readonly checked_at: string;
}

interface Part extends Further {
  readonly items?: readonly Item[];
}

/** An element of a list. Where nesting ends with the list, it has the values of its part itself. */
interface Item extends Own, Partial<Further> {
  readonly part?: Part;
}

interface Document {
  readonly id: number;
  readonly name: string;
  readonly items: readonly Item[];
}

/**
 * Yields documents with `levels` levels, lists and objects in turn: the list `items`, in its elements the object `part`, in that the
 * list `items` … All lists of a document have 30 elements together, the same number each; one element of a list goes on to the next
 * list. An element has eight values with its part. The same seed gives the same documents.
 */
export function* deepDocuments(count: number, levels: number): Generator<Document> {
  const random = seededRandom(deepSeed);
  const length = elementCount / listCount(levels);
  for (let id = 0; id < count; id++) yield { id, name: name(random), items: list(levels, length, random) };
}

function listCount(levels: number): number {
  return Math.ceil(levels / 2);
}

function list(levels: number, length: number, random: Random): readonly Item[] {
  const deeper = random.below(length);
  return Array.from({ length }, (_, index) => {
    const own: Own = {
      id: random.below(1_000_000),
      name: name(random),
      price: random.below(100_000) + 0.25 + random.below(2) / 2,
      note: random.chance(0.3) ? null : `${name(random)}, ${name(random)}`,
    };
    const further: Further = {
      weight: random.below(1000),
      stored: random.chance(0.5),
      place: random.pick(words),
      checked_at: `${new Date(firstMs + random.below(yearMs)).toISOString().slice(0, 19)}Z`,
    };
    if (levels === 1) return { ...own, ...further };
    const part = index === deeper && levels > 2 ? { ...further, items: list(levels - 2, length, random) } : further;
    return { ...own, part };
  });
}

function name(random: Random): string {
  return `${random.pick(words)} ${random.below(10_000)}`;
}

/** The tables of the lists, the outermost first. */
function listTables(levels: number): readonly string[] {
  return Array.from({ length: listCount(levels) }, (_, depth) => `deep__items${"__part__items".repeat(depth)}`);
}

/** One list after the other is unnested into a table, of which the next list and the columns are taken. */
function floor(levels: number): string {
  const statements = listTables(levels).map((table, depth) => {
    const list = depth === 0 ? "items" : "entry.part.items";
    const further =
      levels === depth * 2 + 1 ? (column: string) => column : (column: string) => `part.${column} AS part__${column}`;
    return `
      CREATE TEMP TABLE list_${depth} AS
      SELECT *, left(md5(_dlt_parent_id || position), 14) AS _dlt_id
      FROM (
        SELECT unnest(${list}) AS entry, generate_subscripts(${list}, 1) AS position, _dlt_id AS _dlt_parent_id
        FROM ${depth === 0 ? "page" : `list_${depth - 1}`}
      );
      CREATE TABLE bench.${table} AS
      SELECT
        ${["id", "name", "price", "note"].map((column) => `entry.${column}`).join(", ")},
        ${["weight", "stored", "place", "checked_at"].map((column) => `entry.${further(column)}`).join(", ")},
        _dlt_parent_id, position - 1 AS _dlt_list_idx, _dlt_id
      FROM list_${depth};`;
  });
  return `
    CREATE SCHEMA bench;
    CREATE TEMP TABLE page AS
    SELECT *, left(md5(id::VARCHAR), 14) AS _dlt_id
    FROM read_json(
      getvariable('input'), format = 'newline_delimited', map_inference_threshold = -1, field_appearance_threshold = 0
    );
    CREATE TABLE bench.deep AS SELECT id, name, '1767225600.000000' AS _dlt_load_id, _dlt_id FROM page;
    ${statements.join("\n")}`;
}

function documentsOf(levels: number, rowCount: number): Dataset {
  const tables = ["deep", ...listTables(levels)];
  return {
    name: `deep-${levels}-${rowCount}-${deepSeed}`,
    rowCount,
    rows: () => deepDocuments(rowCount, levels),
    floor: floor(levels),
    tables: Object.fromEntries(tables.map((table, index) => [table, tables[index - 1] ?? null])),
  };
}

/** Documents of many levels. */
export const deep: BenchCase = {
  name: "deep",
  rowCount: 20_000,
  dataset: (rowCount) => documentsOf(levelCount, rowCount),
  beside: [
    { label: "documents of 5 levels", dataset: (rowCount) => documentsOf(5, rowCount), times: 1 },
    {
      label: "half as many documents",
      dataset: (rowCount) => documentsOf(levelCount, Math.ceil(rowCount / 2)),
      times: 2,
    },
  ],
};
