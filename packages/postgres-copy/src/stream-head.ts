import { SchemaError } from "@dlt/core";
import { type CopyColumn, valueBytes } from "./copy-type.js";

const signature = Uint8Array.from([...new TextEncoder().encode("PGCOPY\n"), 0xff, 0x0d, 0x0a, 0x00]);
const fixedLength = signature.length + 8;

/** What ends a stream of rows. */
export const streamEnd: Uint8Array = Uint8Array.of(0xff, 0xff);

/**
 * The head of a stream of rows: signature, flags, and an extension, which servers skip. It has the columns as JSON, so that whoever
 * reads the file knows what is in it: `{"columns":[["id","int8"]]}`.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
export function streamHead(columns: readonly CopyColumn[]): Uint8Array {
  const extension = new TextEncoder().encode(
    JSON.stringify({ columns: columns.map(({ name, type }) => [name, type]) }),
  );
  const head = new Uint8Array(fixedLength + extension.length);
  head.set(signature);
  new DataView(head.buffer).setInt32(fixedLength - 4, extension.length);
  head.set(extension, fixedLength);
  return head;
}

export interface StreamHead {
  /** `null` for a stream that was not written here. */
  readonly columns: readonly CopyColumn[] | null;
  /** Where the rows begin. */
  readonly bytes: number;
}

/**
 * Reads the head at the start of a stream; `null` when more bytes are needed.
 * @throws SchemaError `COPY_STREAM_INVALID` for bytes that are no such stream
 */
export function readStreamHead(bytes: Uint8Array): StreamHead | null {
  const known = Math.min(bytes.length, signature.length);
  for (let i = 0; i < known; i++) if (bytes[i] !== signature[i]) throw invalidStream("it does not begin as one");
  if (bytes.length < fixedLength) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The upper half tells of what cannot be ignored.
  if (view.getInt32(signature.length) >>> 16 !== 0) throw invalidStream("it has flags that are not known");
  const length = view.getInt32(fixedLength - 4);
  if (length < 0) throw invalidStream("the length of its head is negative");
  const end = fixedLength + length;
  if (bytes.length < end) return null;
  return { columns: columnsOf(bytes.subarray(fixedLength, end)), bytes: end };
}

export function invalidStream(reason: string): SchemaError {
  return new SchemaError(
    "COPY_STREAM_INVALID",
    `What was read is no stream of rows in the binary form of COPY: ${reason}.`,
    {
      hint: "Make it again: it was cut off or changed, or is something else. Files of a load package are not to be changed.",
    },
  );
}

function columnsOf(extension: Uint8Array): readonly CopyColumn[] | null {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(extension));
  } catch {
    return null;
  }
  if (typeof document !== "object" || document === null || !("columns" in document)) return null;
  const { columns } = document;
  if (!Array.isArray(columns)) return null;
  const read: CopyColumn[] = [];
  for (const column of columns as readonly unknown[]) {
    if (!Array.isArray(column)) return null;
    const [name, type] = column as readonly unknown[];
    if (typeof name !== "string" || typeof type !== "string" || !Object.hasOwn(valueBytes, type)) return null;
    read.push({ name, type: type as CopyColumn["type"] });
  }
  return read;
}
