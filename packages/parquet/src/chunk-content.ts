import type { Column } from "@dlt/core";
import { dictionaryOfBytes, dictionaryOfIndices, maxEntries } from "./dictionary.js";
import { indexedColumn } from "./indexed-column.js";
import type { ChunkContent } from "./pages.js";
import type { PhysicalType } from "./physical-type.js";
import { parquetTypes } from "./physical-type.js";
import type { Presence } from "./presence.js";
import { firstAbsent, noRow, rowsOfBits, rowsOfIndices, rowsOfList } from "./presence.js";
import type { ColumnPlace } from "./refusals.js";
import { nullRefused } from "./refusals.js";
import { gather, toValues } from "./values.js";

/** What is encoded: `rowCount` rows of a column, all without a value if the batch has no such column. */
export interface ChunkSource {
  readonly column: Column | undefined;
  readonly rowCount: number;
  readonly place: ColumnPlace;
}

/**
 * The values of a column in their physical type, by code where values repeat.
 * @throws SchemaError `FILE_VALUE_NULL`, `FILE_VALUE_OUT_OF_RANGE`, `FILE_COLUMN_TYPE_MISMATCH`
 */
export function chunkContent({ column, rowCount, place }: ChunkSource, physical: PhysicalType): ChunkContent {
  if (column?.layout === "dictionary") return indexedContent(column, { rowCount, place, physical });
  const present = accepted(column === undefined ? noRow(rowCount) : rowsOfBits(column.validity, rowCount), place);
  if (column === undefined || present.count === 0) return withoutValues(present, place);
  const values = toValues(column, physical, { present, place, rowOf: (index) => index });
  const { nullable } = place.column;
  const dictionary = values.kind === "bytes" ? dictionaryOfBytes(values, present) : null;
  if (dictionary === null) return { values, coded: null, present, nullable };
  const { entries, codes } = dictionary;
  return { values: gather(values, entries), coded: { codes, count: entries.length }, present, nullable };
}

interface IndexedSource {
  readonly rowCount: number;
  readonly place: ColumnPlace;
  readonly physical: PhysicalType;
}

function indexedContent(
  outer: Column & { readonly layout: "dictionary" },
  { rowCount, place, physical }: IndexedSource,
): ChunkContent {
  const { column, indices, indexCount } = indexedColumn(outer, rowCount);
  const present = accepted(rowsOfIndices(indices), place);
  if (present.count === 0) return withoutValues(present, place);
  const { entries, codes } = dictionaryOfIndices(indices, indexCount);
  const used = rowsOfList(entries, indexCount);
  const values = toValues(column, physical, { present: used, place, rowOf: (index) => indices.indexOf(index) });
  const { nullable } = place.column;
  // Readers do not expect booleans in a dictionary.
  if (physical.type === parquetTypes.boolean || entries.length > maxEntries)
    return { values: gather(values, indices), coded: null, present, nullable };
  return { values: gather(values, entries), coded: { codes, count: entries.length }, present, nullable };
}

function withoutValues(present: Presence, { column }: ColumnPlace): ChunkContent {
  return { values: { kind: "bits", bits: new Uint8Array(0) }, coded: null, present, nullable: column.nullable };
}

function accepted(present: Presence, place: ColumnPlace): Presence {
  if (!place.column.nullable && present.count < present.rowCount) throw nullRefused(place, firstAbsent(present));
  return present;
}
