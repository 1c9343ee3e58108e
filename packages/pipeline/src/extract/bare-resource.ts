import {
  type ArrowTable,
  type ColumnBatch,
  type EncodedRows,
  isColumnBatch,
  isEncodedRows,
  isJsonText,
  isSqlModel,
  type JsonText,
  type Marked,
  type ReadContext,
  type Resource,
  SourceError,
  type SqlModel,
} from "@dlt/core";
import { isArrowTable, makeResource, unmarked } from "@dlt/core/engine";
import { fileName, readFile } from "./json-file.js";
import { readResponse, readUrl, urlName } from "./json-response.js";
import { isByteStream, readStream } from "./json-stream.js";

/** Rows that belong to no resource. */
export type BareData =
  | Iterable<unknown>
  | AsyncIterable<unknown>
  | ReadableStream<unknown>
  | Response
  | URL
  | string
  | ColumnBatch
  | ArrowTable
  | JsonText
  | EncodedRows
  | SqlModel
  | Marked<unknown>;

/** What is read, and what it is called when nothing else is said. */
interface Reading {
  readonly name: string | undefined;
  read(context: ReadContext<unknown>): unknown;
}

/**
 * A resource of bare data. It has no hints.
 * @throws SourceError `RESOURCE_NAME_MISSING`, `RESOURCE_DATA_UNSUPPORTED`, `RESOURCE_DATA_MISSING`
 */
export function bareResource(
  data: unknown,
  { tableName, cwd }: { readonly tableName: string | undefined; readonly cwd: string },
): Resource {
  const { name, read } = readingOf(data, cwd);
  const chosen = tableName ?? name;
  if (chosen === undefined || chosen === "") {
    throw new SourceError("RESOURCE_NAME_MISSING", "The rows have no name, so that there is no name for their table.", {
      hint: 'Give a name for it, e.g. `run(rows, { tableName: "users" })`.',
    });
  }
  return makeResource({
    name: chosen,
    hints: null,
    variants: new Map(),
    body: { kind: "reader", read },
    steps: [],
    selected: true,
    parallelized: false,
  });
}

function readingOf(data: unknown, cwd: string): Reading {
  if (data === null || data === undefined) {
    throw new SourceError("RESOURCE_DATA_MISSING", "There is nothing to load.", {
      hint: "Give rows, a resource or a source.",
    });
  }
  if (typeof data === "string" && !/^https?:/i.test(data)) return fileReading(data, cwd);
  if (typeof data === "string" || data instanceof URL) return urlReading(new URL(data), cwd);
  if (isResponse(data)) return { name: urlName(data.url), read: once(() => readResponse(data)) };
  if (typeof data === "function") return functionReading(data as (context: ReadContext<unknown>) => unknown);
  if (isByteStream(data)) return { name: undefined, read: once(() => readStream(data)) };
  if (isJsonText(data) || isColumnBatch(data) || isArrowTable(data) || isEncodedRows(data) || isSqlModel(data))
    return { name: undefined, read: () => data };
  if (unmarked(data) !== null) return { name: undefined, read: () => data };
  if (typeof data === "object" && (Symbol.iterator in data || Symbol.asyncIterator in data)) {
    const read = (): unknown => data;
    return { name: undefined, read: "next" in data ? once(read) : read };
  }
  throw new SourceError(
    "RESOURCE_DATA_UNSUPPORTED",
    `A ${typeof data === "object" ? "single object" : typeof data} is not a list of rows.`,
    {
      hint: "Put it into an array.",
    },
  );
}

function fileReading(path: string, cwd: string): Reading {
  return { name: fileName(path), read: ({ signal }) => readFile(path, { cwd, signal }) };
}

function urlReading(url: URL, cwd: string): Reading {
  if (url.protocol === "file:") return fileReading(url.href, cwd);
  return { name: urlName(url.href), read: ({ signal }) => readUrl(url, signal) };
}

function functionReading(read: (context: ReadContext<unknown>) => unknown): Reading {
  return { name: read.name === "" ? undefined : read.name, read: (context) => withJsonRead(read(context)) };
}

/** What a function gave; streams of bytes or text and responses are read as if they had been given without a function. */
function withJsonRead(given: unknown): unknown {
  if (given instanceof Promise) return given.then(withJsonRead);
  if (isResponse(given)) return readResponse(given);
  return isByteStream(given) ? readStream(given) : given;
}

/** For what has its rows only once. */
function once(read: () => unknown): () => unknown {
  let wasRead = false;
  return () => {
    if (wasRead) {
      throw new SourceError("RESOURCE_EXHAUSTED", "The rows were read before and cannot be read again.", {
        hint: "Give a function that makes a new iterator or stream.",
      });
    }
    wasRead = true;
    return read();
  };
}

/** True for an answer of `fetch`, by its tag: the name of the class alone makes Node load all of `fetch`, which takes 20 ms. */
function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === "[object Response]";
}
