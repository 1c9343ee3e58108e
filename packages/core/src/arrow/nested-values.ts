import { isSet } from "../columns/bitmap.js";
import { valueReader } from "../columns/value-reader.js";
import type { DataValue } from "../values/data-value.js";
import { type ArrowArray, arrowArray } from "./arrow-array.js";
import { arrowColumn, type Dictionaries, type NestedType } from "./arrow-column.js";
import type { ArrowType } from "./arrow-type.js";
import type { RawData } from "./raw-arrow.js";

/** A function for the values of an array by row. */
type Read = (row: number) => DataValue;

/**
 * A function for the documents of nested rows, as they are written to JSON: structs and maps with keys of text are objects, lists
 * are arrays, maps with other keys arrays of `{ "key": …, "value": … }`.
 *
 * @throws SourceError as `arrowColumn`
 */
export function nestedReader(name: string, array: ArrowArray, type: NestedType, dictionaries: Dictionaries): Read {
  const read = presentReader(name, array, type, dictionaries);
  const { validity } = array;
  return validity === null ? read : (row) => (isSet(validity, row) ? read(row) : null);
}

function presentReader(name: string, array: ArrowArray, type: NestedType, dictionaries: Dictionaries): Read {
  const { children, offsets, sizes, typeIds } = array;
  const childReader = (index: number): Read => anyReader(name, children[index], dictionaries);
  switch (type.kind) {
    case "struct": {
      const members = type.names.map((key, index) => [key, childReader(index)] as const);
      return (row) => new Map(members.map(([key, read]) => [key, read(row)]));
    }
    case "list": {
      const read = childReader(0);
      const end = (row: number): number =>
        type.layout === "views" ? Number(offsets[row]) + Number(sizes[row]) : Number(offsets[row + 1]);
      return (row) => valuesBetween(read, Number(offsets[row]), end(row));
    }
    case "fixedList": {
      const read = childReader(0);
      return (row) => valuesBetween(read, row * type.size, (row + 1) * type.size);
    }
    case "map":
      return mapReader(name, array, dictionaries);
    case "union": {
      const readers = children.map((_, index) => childReader(index));
      return (row) => {
        const read = readers[type.children[typeIds[row] as number] ?? -1];
        return read === undefined ? null : read(type.isDense ? Number(offsets[row]) : row);
      };
    }
  }
}

function anyReader(name: string, raw: RawData | undefined, dictionaries: Dictionaries): Read {
  if (raw === undefined) return () => null;
  const array = arrowArray(raw);
  const { type } = array;
  if (isNested(type)) return nestedReader(name, array, type, dictionaries);
  const column = arrowColumn(name, array, dictionaries);
  return column === null ? () => null : valueReader(column);
}

function isNested(type: ArrowType): type is NestedType {
  return ["struct", "list", "fixedList", "map", "union"].includes(type.kind);
}

function mapReader(name: string, { children, offsets }: ArrowArray, dictionaries: Dictionaries): Read {
  const [entries] = children;
  const pairs = entries === undefined ? undefined : arrowArray(entries);
  const readKey = anyReader(name, pairs?.children[0], dictionaries);
  const readValue = anyReader(name, pairs?.children[1], dictionaries);
  return (row) => {
    const keys = valuesBetween(readKey, Number(offsets[row]), Number(offsets[row + 1]));
    const values = valuesBetween(readValue, Number(offsets[row]), Number(offsets[row + 1]));
    if (keys.every((key) => typeof key === "string"))
      return new Map(keys.map((key, index) => [key, values[index] ?? null]));
    return keys.map(
      (key, index) =>
        new Map([
          ["key", key],
          ["value", values[index] ?? null],
        ]),
    );
  };
}

function valuesBetween(read: Read, from: number, to: number): DataValue[] {
  const values: DataValue[] = [];
  for (let index = from; index < to; index++) values.push(read(index));
  return values;
}
