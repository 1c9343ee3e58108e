import { type FileHandle, open } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type JsonText, SourceError } from "@dlt/core";
import { fileReader } from "./byte-reader.js";
import { type JsonLayout, jsonPages } from "./json-pages.js";
import { readJson } from "./json-stream.js";

const known = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/** The name of a file without folder and extensions: `data/events.jsonl.gz` → `events`. */
export function fileName(path: string): string {
  return basename(pathOf(path)).replace(known, "");
}

/**
 * The rows of a JSON or JSON-lines file, as text; it may be compressed with gzip. `path` may be a file URL.
 * @throws SourceError `SOURCE_FILE_UNREADABLE`, `RESOURCE_DATA_UNSUPPORTED`
 */
export async function* readFile(
  path: string,
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): AsyncGenerator<unknown> {
  const absolute = resolve(cwd, pathOf(path));
  const extension = known.exec(absolute)?.[1]?.toLowerCase();
  if (extension === undefined) {
    throw new SourceError(
      "RESOURCE_DATA_UNSUPPORTED",
      `The file \`${absolute}\` is not known to be JSON or JSON lines.`,
      {
        hint: "Files end in `.json`, `.jsonl` or `.ndjson`, perhaps with `.gz`; `@dlt/source-filesystem` reads other formats.",
        context: { path: absolute },
      },
    );
  }
  const layout = extension === "json" ? "values" : "lines";
  try {
    await using file = await open(absolute);
    yield* jsonFilePages(file, layout, signal);
  } catch (error) {
    throw isSystemError(error) ? unreadable(absolute, error) : error;
  }
}

/** JSON of an open file, which may be compressed with gzip, from its beginning. */
export async function* jsonFilePages(
  file: FileHandle,
  layout: JsonLayout,
  signal?: AbortSignal,
): AsyncGenerator<JsonText> {
  if (!(await startsAsGzip(file))) yield* jsonPages(fileReader(file), layout);
  else {
    const options = { start: 0, highWaterMark: 1024 * 1024, ...(signal && { signal }) };
    yield* readJson(file.createReadStream(options), layout);
  }
}

async function startsAsGzip(file: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await file.read({ buffer: new Uint8Array(2), position: 0 });
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

function pathOf(path: string): string {
  return path.startsWith("file:") ? fileURLToPath(path) : path;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly syscall: string } {
  return error instanceof Error && "syscall" in error;
}

function unreadable(path: string, cause: NodeJS.ErrnoException): SourceError {
  const reason =
    cause.code === "ENOENT"
      ? "it does not exist"
      : cause.code === "EISDIR"
        ? "it is a folder"
        : (cause.code ?? "the system refuses");
  return new SourceError("SOURCE_FILE_UNREADABLE", `The file \`${path}\` cannot be read: ${reason}.`, {
    hint: "Check the path; a relative one starts at the folder that the process runs in.",
    context: { path },
    cause,
  });
}
