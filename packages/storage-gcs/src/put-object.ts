import { pipeline } from "node:stream/promises";
import { type ContentSource, untilStopped, type WriteRequest } from "@dlt/storage";
import type { CreateWriteStreamOptions, File } from "@google-cloud/storage";

/** Up to this size a file is one request; larger ones go piece by piece, each of which can be sent again. */
const pieceBytes = 8 * 1024 * 1024;
const readBytes = 256 * 1024;

/** Writes a file. Nothing is seen of it before its last piece has arrived. */
export async function putObject(file: File, source: ContentSource, request: WriteRequest): Promise<void> {
  const options: CreateWriteStreamOptions = {
    contentType: "application/octet-stream",
    ...(request.ifAbsent && { preconditionOpts: { ifGenerationMatch: 0 } }),
  };
  if (source.bytes > pieceBytes) return await putInPieces(file, source, { options, request });
  const { buffer, byteOffset, byteLength } = await source.read(0, source.bytes);
  const content = Buffer.from(buffer, byteOffset, byteLength);
  await untilStopped(() => file.save(content, { ...options, resumable: false }), request.signal);
}

async function putInPieces(
  file: File,
  source: ContentSource,
  { options, request }: { readonly options: CreateWriteStreamOptions; readonly request: WriteRequest },
): Promise<void> {
  const { signal, heard } = request;
  const target = file.createWriteStream({ ...options, resumable: true, chunkSize: pieceBytes });
  let session: string | undefined;
  target.on("uri", (uri: string) => {
    session = uri;
  });
  target.on("progress", heard);
  try {
    await pipeline(contentOf(source), target, { signal });
  } catch (error) {
    if (session !== undefined) await endSession(session);
    throw error;
  }
}

async function* contentOf(source: ContentSource): AsyncIterable<Uint8Array> {
  for (let start = 0; start < source.bytes; start += readBytes)
    yield await source.read(start, Math.min(readBytes, source.bytes - start));
}

/** Takes back what arrived of an upload; what stays after an error here goes by itself after a week. */
async function endSession(uri: string): Promise<void> {
  // The address holds the right to do so.
  await fetch(uri, { method: "DELETE", signal: AbortSignal.timeout(5000) }).catch(() => undefined);
}
