import { type Column, type ColumnBatch, type FileFormat, type FileTable, Float } from "@dlt/core";
import { type ColumnValue, encodeBase64, encodeJson, readValue, typeMarkers } from "@dlt/core/engine";

/**
 * The intermediate format of the reference: each line is a JSON array of rows, typed values are marked text. Absent values
 * have no key. Documents are written as they are.
 */
export const typedJsonl: FileFormat = {
  name: "typed-jsonl",
  extension: "typed-jsonl",
  encode: (batch, table) => ({ rowCount: batch.rowCount, bytes: encoder.encode(`[${rowsText(batch, table)}]\n`) }),
  open(_table, sink) {
    let rowCount = 0;
    let bytes = 0;
    return {
      async write(part) {
        rowCount += part.rowCount;
        bytes += part.bytes.byteLength;
        await sink.write(part.bytes);
      },
      async close() {
        await sink.close();
        return { rowCount, bytes };
      },
    };
  },
};

const encoder = new TextEncoder();

function rowsText(batch: ColumnBatch, table: FileTable): string {
  const columns = batch.columns.filter(({ name }) => table.columns.some((column) => column.name === name));
  return Array.from({ length: batch.rowCount }, (_, row) => {
    const members = columns.flatMap((column) => {
      const value = readValue(column, row);
      return value === null ? [] : [`${JSON.stringify(column.name)}:${valueText(column, value)}`];
    });
    return `{${members.join(",")}}`;
  }).join(",");
}

function valueText({ type: { dataType } }: Column, value: NonNullable<ColumnValue>): string {
  switch (dataType) {
    case "json":
      return value as string;
    case "double":
      return encodeJson(Number.isInteger(value) ? new Float(value as number) : value);
    case "binary":
      return encodeJson(typeMarkers.bytes + encodeBase64(value as Uint8Array, { padding: true }));
    case "decimal":
    case "wei":
    case "timestamp":
    case "date":
    case "time":
      return encodeJson(typeMarkers[dataType] + String(value));
    default:
      return encodeJson(value);
  }
}
