import { ConfigError } from "@dlt/core";
import { snappy } from "./snappy.js";

/** How pages are compressed. `zstd` needs a Node that has it (22.15 or later). */
export type Compression = "none" | "snappy" | "gzip" | "zstd";

/** A compression of pages. */
export interface Codec {
  /** Id in the Parquet format. */
  readonly id: number;
  /** `null`: bytes stay as they are. */
  readonly compress: ((bytes: Uint8Array) => Uint8Array) | null;
}

const ids = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

/** @throws ConfigError `CONFIG_VALUE_INVALID`, `FILE_COMPRESSION_UNAVAILABLE` */
export function codecOf(compression: Compression): Codec {
  switch (compression) {
    case "none":
      return { id: ids.none, compress: null };
    case "snappy":
      return { id: ids.snappy, compress: snappy };
    case "gzip":
    case "zstd":
      return { id: ids[compression], compress: compressorOfNode(compression) };
    default:
      throw new ConfigError(
        "CONFIG_VALUE_INVALID",
        `Expected \`compression\` to be \`none\`, \`snappy\`, \`gzip\` or \`zstd\`, got \`${String(compression)}\`.`,
        { hint: "Leave `compression` out to write Parquet files uncompressed." },
      );
  }
}

/** What of `node:zlib` is used. The types of Node 20 do not know `zstdCompressSync`. */
interface NodeCompression {
  readonly gzipSync?: (bytes: Uint8Array) => Uint8Array;
  readonly zstdCompressSync?: (bytes: Uint8Array) => Uint8Array;
}

function compressorOfNode(compression: "gzip" | "zstd"): (bytes: Uint8Array) => Uint8Array {
  // Not imported, so that the other compressions need no Node.
  const zlib: NodeCompression | undefined = globalThis.process?.getBuiltinModule?.("node:zlib");
  const compress = compression === "gzip" ? zlib?.gzipSync : zlib?.zstdCompressSync;
  if (compress !== undefined) return (bytes) => compress(bytes);
  throw new ConfigError(
    "FILE_COMPRESSION_UNAVAILABLE",
    `This JavaScript runtime (${globalThis.process?.version ?? "not Node"}) cannot compress Parquet files with \`${compression}\`.`,
    {
      hint: `Run on Node ${compression === "gzip" ? "20.19" : "22.15"} or later, or set \`compression\` to \`snappy\`.`,
      context: { compression },
    },
  );
}
