import type { ColumnBatch } from "../contract/batch.js";
import type { FileFormat, FilePart, FileTable } from "../contract/file-format.js";
import { encodeBase64Into } from "../hash/base64.js";
import { encodeJson } from "../json/encode.js";
import { floatToJson } from "../values/float.js";
import { fieldSources } from "./field-sources.js";
import { copyJson, writeJsonString } from "./json-text.js";
import { TextBuffer } from "./text-buffer.js";
import { TextFileWriter, textLayout } from "./text-file-writer.js";
import { type Spelling, textKind, type ValueSource, valueWriter, type WriteValue } from "./value-writer.js";

/**
 * JSON lines: an object per row, UTF-8, keys in the order of the table's columns. A value that is missing has no key; NaN and
 * infinities are `null`. Decimals, dates and times are strings, binary is Base64, documents are nested.
 */
export function jsonl(): FileFormat {
  const out = new TextBuffer();
  return {
    name: format,
    extension: "jsonl",
    encode(batch: ColumnBatch, table: FileTable): FilePart {
      out.length = 0;
      writeRows(out, fieldsOf(batch, table), batch.rowCount);
      return { rowCount: batch.rowCount, bytes: out.copy(), layout: textLayout(format, table) };
    },
    open: (table, sink) => new TextFileWriter({ format, table, sink }),
  };
}

const format = "jsonl";

interface Field {
  /** With the comma before it and the colon behind it. */
  readonly key: Uint8Array;
  readonly indices: Int32Array | null;
  readonly write: WriteValue;
}

function fieldsOf(batch: ColumnBatch, table: FileTable): readonly Field[] {
  const fields: Field[] = [];
  for (const [{ name }, source] of fieldSources(batch, table)) {
    if (source === null) continue;
    const key = utf8.encode(`,${encodeJson(name)}:`);
    fields.push({ key, indices: source.indices, write: fieldWriter(source) });
  }
  return fields;
}

function writeRows(out: TextBuffer, fields: readonly Field[], rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const start = out.length;
    for (let i = 0; i < fields.length; i++) {
      const { key, indices, write } = fields[i] as Field;
      const index = indices === null ? row : (indices[row] as number);
      if (index < 0) continue;
      out.append(key, 0, key.length);
      write(out, index);
    }
    // The brace takes the place of the comma before the first key.
    if (out.length === start) out.byte(openBrace);
    else out.bytes[start] = openBrace;
    out.byte(closeBrace);
    out.byte(lineFeed);
  }
}

function fieldWriter(source: ValueSource): WriteValue {
  const { values, place } = source;
  const { dataType } = place.column;
  const write = valueWriter(source, spelling);
  if (values.layout === "bytes") {
    const { offsets, data } = values;
    switch (dataType) {
      case "binary":
        return (out, index) => writeBase64(out, data.subarray(offsets[index], offsets[index + 1]));
      case "json":
        return (out, index) => copyJson(out, data.subarray(offsets[index], offsets[index + 1]));
      case "bigint":
        return write;
      default:
        return (out, index) => writeJsonString(out, data, offsets[index] as number, offsets[index + 1] as number);
    }
  }
  return textKind(place.column) === "calendar" || dataType === "decimal" || dataType === "wei" ? quoted(write) : write;
}

function quoted(write: WriteValue): WriteValue {
  return (out, index) => {
    out.byte(quote);
    write(out, index);
    out.byte(quote);
  };
}

function writeBase64(out: TextBuffer, bytes: Uint8Array): void {
  const padded = Math.ceil(bytes.length / 3) * 4;
  out.reserve(padded + 2);
  out.byte(quote);
  const end = out.length + padded;
  out.length = encodeBase64Into(bytes, 0, bytes.length, out.bytes, out.length);
  while (out.length < end) out.byte(equals);
  out.byte(quote);
}

const spelling: Spelling = {
  falseText: "false",
  trueText: "true",
  dateTimeSeparator: "T".charCodeAt(0),
  double: floatToJson,
};
const utf8 = new TextEncoder();
const lineFeed = 0x0a;
const quote = 0x22;
const equals = 0x3d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
