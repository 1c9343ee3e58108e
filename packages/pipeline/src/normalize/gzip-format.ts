import { once } from "node:events";
import { createGzip } from "node:zlib";
import type { ByteSink, FileFormat } from "@dlt/core";

/** Half the time of the usual level, for files that are a seventh larger. */
const level = 3;

/** The same format with its files compressed: each is one stream of gzip, whatever the parts that it was written in. */
export function gzipped(format: FileFormat): FileFormat {
  return {
    ...format,
    extension: `${format.extension}.gz`,
    open(table, sink) {
      const compressed = new GzipSink(sink);
      const writer = format.open(table, compressed);
      return {
        write: (part) => writer.write(part),
        async close() {
          const { rowCount } = await writer.close();
          return { rowCount, bytes: compressed.bytes };
        },
      };
    },
  };
}

class GzipSink implements ByteSink {
  /** What was given on. */
  bytes = 0;
  private readonly gzip = createGzip({ level });
  private readonly done: Promise<void>;

  constructor(sink: ByteSink) {
    this.done = this.giveOn(sink);
    // Whoever writes or closes hears of it.
    this.done.catch(() => undefined);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.gzip.write(bytes)) await Promise.race([once(this.gzip, "drain"), this.done]);
  }

  async close(): Promise<void> {
    this.gzip.end();
    await this.done;
  }

  private async giveOn(sink: ByteSink): Promise<void> {
    for await (const piece of this.gzip as AsyncIterable<Uint8Array>) {
      await sink.write(piece);
      this.bytes += piece.byteLength;
    }
    await sink.close();
  }
}
