import { shake128 } from "./hash/keccak.js";

/** What the name of a load file tells. */
export interface JobName {
  readonly table: string;
  /** 10 hexadecimal characters. */
  readonly fileId: string;
  /** Extension of the format. */
  readonly format: string;
  /** The content is compressed with gzip, and the name ends in `.gz`. Default: false. */
  readonly isCompressed?: boolean;
}

/** Longest table name that stands in a file name as it is, in bytes: file systems allow 255 for the whole. */
const maxTableBytes = 180;
const encoder = new TextEncoder();

/** Id of a load file: from load, table and number of the file, so it is the same whenever the file is made again. */
export function fileId(loadId: string, table: string, number: number): string {
  return hex(shake128(encoder.encode(`${loadId}\0${table}\0${number}`), 5));
}

/** Id of the job that follows when all files of a root table and its nested tables are loaded, `users.a1b2c3d4e5.sql`. */
export function followUpId(loadId: string, rootTable: string): string {
  const id = hex(shake128(encoder.encode(`${loadId}\0${rootTable}\0follow-up`), 5));
  return formatJobName({ table: rootTable, fileId: id, format: "sql" });
}

/**
 * Name of a load file and id of its job, `users.a1b2c3d4e5.parquet`. Characters of a table name that file systems do not take, or
 * that separate the parts, are written as `%` and their UTF-8 in hexadecimal; a very long name is cut and gets a tag of the whole.
 */
export function formatJobName({ table, fileId: id, format, isCompressed = false }: JobName): string {
  let name = "";
  for (const character of table) {
    name += /[\p{L}\p{N}_-]/u.test(character) ? character : `%${hex(encoder.encode(character))}`;
  }
  if (encoder.encode(name).length > maxTableBytes) {
    name = `${cutToBytes(name, maxTableBytes - 11)}~${hex(shake128(encoder.encode(table), 5))}`;
  }
  return `${name}.${id}.${format}${isCompressed ? ".gz" : ""}`;
}

/** What the name of a load file tells; `null` for other names, and for those whose table name was cut. */
export function parseJobName(name: string): JobName | null {
  const match = jobName.exec(name);
  if (match === null) return null;
  const [, table = "", id = "", format = "", compression] = match;
  try {
    const decoded = table.replace(escaped, (text) => decodeURIComponent(text.slice(1).replace(/../g, "%$&")));
    return { table: decoded, fileId: id, format, ...(compression !== undefined && { isCompressed: true }) };
  } catch {
    return null; // bytes that are no UTF-8
  }
}

// The first byte of a character tells how many there are.
const character =
  "%(?:[0-7][0-9a-f]|[cd][0-9a-f][89ab][0-9a-f]|e[0-9a-f](?:[89ab][0-9a-f]){2}|f[0-7](?:[89ab][0-9a-f]){3})";
const escaped = new RegExp(character, "g");
const jobName = new RegExp(`^((?:[\\p{L}\\p{N}_-]|${character})+)\\.([0-9a-f]{10})\\.([^.]+)(\\.gz)?$`, "u");

function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let cut = "";
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > maxBytes) break;
    cut += character;
  }
  return cut;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
