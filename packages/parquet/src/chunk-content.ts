import type { Column } from "@dlt/core";
import type { Dictionary } from "./dictionary.js";
import { dictionaryOfBytes, dictionaryOfIndices, pays } from "./dictionary.js";
import { indexedColumn } from "./indexed-column.js";
import type { PhysicalType } from "./physical-type.js";
import { parquetTypes } from "./physical-type.js";
import { physicalValues } from "./physical-values.js";
import type { Presence } from "./presence.js";
import { firstAbsent, noRow, rowAt, rowsOfBits } from "./presence.js";
import type { ColumnPlace } from "./refusals.js";
import { nullRefused } from "./refusals.js";
import type { ValueList, Values } from "./values.js";

/** What the pages of a column chunk hold. */
export interface ChunkContent {
  readonly present: Presence;
  /** The values of the rows that have one, in order; of a coded chunk, the values of the codes. */
  readonly list: ValueList;
  /** `null`: rows hold their values themselves. Otherwise the codes of the rows that have a value, in order. */
  readonly codes: Int32Array | null;
}

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
  if (column === undefined || present.count === 0) return withoutValues(present);
  const { rows: indices, count } = present;
  const values = physicalValues(column, physical, {
    indices,
    count,
    indexCount: rowCount,
    place,
    rowOf: (index) => index,
  });
  return listContent(present, { values, indices, count });
}

interface IndexedSource {
  readonly rowCount: number;
  readonly place: ColumnPlace;
  readonly physical: PhysicalType;
}

function indexedContent(
  column: Column & { readonly layout: "dictionary" },
  { rowCount, place, physical }: IndexedSource,
): ChunkContent {
  const { values: given, present: found, indices, indexCount } = indexedColumn(column, rowCount);
  const present = accepted(found, place);
  if (present.count === 0) return withoutValues(present);
  const dictionary = dictionaryOfIndices(indices, indexCount);
  const values = physicalValues(given, physical, {
    indices: dictionary.entries,
    count: dictionary.entries.length,
    indexCount,
    place,
    rowOf: (index) => rowAt(present, indices.indexOf(index)),
  });
  // Readers do not expect booleans in a dictionary.
  if (pays(dictionary) && physical.type !== parquetTypes.boolean) return codedContent(present, values, dictionary);
  return listContent(present, { values, indices, count: present.count });
}

function listContent(present: Presence, list: ValueList): ChunkContent {
  const { values } = list;
  const dictionary = values.kind === "bytes" ? dictionaryOfBytes({ ...list, values }) : null;
  return dictionary === null ? { present, list, codes: null } : codedContent(present, values, dictionary);
}

function codedContent(present: Presence, values: Values, { entries, codes }: Dictionary): ChunkContent {
  return { present, list: { values, indices: entries, count: entries.length }, codes };
}

function withoutValues(present: Presence): ChunkContent {
  return { present, list: { values: { kind: "bits", bits: new Uint8Array(0) }, indices: null, count: 0 }, codes: null };
}

function accepted(present: Presence, place: ColumnPlace): Presence {
  if (!place.column.nullable && present.count < present.rowCount) throw nullRefused(place, firstAbsent(present));
  return present;
}
