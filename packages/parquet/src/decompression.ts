import type { Compressors } from "hyparquet";

/** What of `node:zlib` is used. The types of Node 20 do not know `zstdDecompressSync`. */
interface NodeDecompression {
  readonly gunzipSync?: (bytes: Uint8Array) => Uint8Array;
  readonly brotliDecompressSync?: (bytes: Uint8Array) => Uint8Array;
  readonly zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array;
}

/** What this runtime can decompress, beside Snappy. */
export function decompressors(): Compressors {
  // Not imported, so that files without compression need no Node.
  const zlib: NodeDecompression = globalThis.process?.getBuiltinModule?.("node:zlib") ?? {};
  const { gunzipSync, brotliDecompressSync, zstdDecompressSync } = zlib;
  return {
    ...(gunzipSync && { GZIP: (bytes) => gunzipSync(bytes) }),
    ...(brotliDecompressSync && { BROTLI: (bytes) => brotliDecompressSync(bytes) }),
    ...(zstdDecompressSync && { ZSTD: (bytes) => zstdDecompressSync(bytes) }),
  };
}
